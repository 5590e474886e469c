// Written by `npm run build` from the files in spec/. Edit those.

export interface paths {
    "/v2/{project_id}/instances/{instance_id}/backups": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the backup records of a DCS instance
         * @description Returns one page of the backup records of one instance, optionally only those of a time window. The caller needs the
         *     permission `dcs:instance:getDataBackupLog`.
         *
         *     Deleted backups stay in the list, with the status `deleted`. The order of the records is documented nowhere, so a
         *     record may repeat or be skipped between two pages while backups are being made: recognise records by `backup_id`.
         *
         *     Other status codes occur too. DCS and the API gateway in front of it return 401 or 403 (credentials or permissions),
         *     404 (no such instance) and 429 (too many requests); a body from the gateway may not match `ErrorResponse`. Open
         *     Telekom Cloud's pages from 2024-04-24 on have a 204, without a body, for an instance that has no backup record.
         */
        get: operations["listBackupRecords"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * @description Type of the backup.
         * @example manual
         */
        BackupType: string | null;
        /**
         * @description Status of the backup.
         * @example succeed
         */
        BackupStatus: string | null;
        /**
         * @description Whether the instance can be restored from this backup. The values are strings, never booleans.
         * @example TRUE
         */
        RestoreSupport: string | null;
        /** @description One backup record of a DCS instance. */
        BackupRecordResponse: {
            /**
             * @description ID of the backup.
             * @example 4631832a-14c6-45b0-a0b3-3abd8f591ad1
             */
            backup_id?: string | null;
            /**
             * @description Time at which the backup runs. For automatic backups it was seen as an hour of the day in UTC, such as
             *     `22:00-23:00`. It can be `null`, as it is for the manual backup of the reference page's example.
             * @example 22:00-23:00
             */
            period?: string | null;
            /**
             * @description Name of the backup record.
             * @example backup_20190510163116
             */
            backup_name?: string | null;
            /**
             * @description ID of the DCS instance that was backed up.
             * @example 5560df16-cebf-4473-95c4-d1b573c16e79
             */
            instance_id?: string | null;
            /**
             * Format: int64
             * @description Size of the backup file in bytes.
             * @example 880232
             */
            size?: number | null;
            backup_type?: components["schemas"]["BackupType"];
            /**
             * Format: date-time
             * @description Time in UTC at which the backup task was created.
             * @example 2019-05-10T08:31:16.166Z
             */
            created_at?: string | null;
            /**
             * Format: date-time
             * @description Time in UTC at which the backup of the instance was completed.
             * @example 2019-05-10T08:32:30.546Z
             */
            updated_at?: string | null;
            /**
             * @description Progress of the backup in percent, as a decimal number in a string, such as `100.00`.
             * @example 100.00
             */
            progress?: string | null;
            /**
             * @description Error code of a failed backup. `null` for a backup that did not fail. The codes `dcs.08.0001` to `dcs.08.0008` are
             *     documented, each with its meaning in `x-enumDescriptions`; others may follow. Not to be confused with the
             *     `error_code` of a failed request.
             * @example dcs.08.0002
             */
            error_code?: string | null;
            /**
             * @description Description of the backup.
             * @example 001
             */
            remark?: string | null;
            status?: components["schemas"]["BackupStatus"];
            is_support_restore?: components["schemas"]["RestoreSupport"];
            /**
             * Format: date-time
             * @description Time in UTC at which the backup was executed. Documented since 2023-12-13.
             * @example 2019-05-11T08:31:16.166Z
             */
            execution_at?: string | null;
            backup_format?: components["schemas"]["BackupFormat"];
        };
        /** @description One page of backup records. */
        ListBackupRecordsResponse: {
            /**
             * Format: int32
             * @description Number of records returned. The reference page does not say whether it counts this page or all pages, so do not
             *     rely on it alone to tell whether there are more.
             * @example 1
             */
            total_num?: number | null;
            /** @description The backup records of this page. */
            backup_record_response?: components["schemas"]["BackupRecordResponse"][] | null;
        };
        /** @description The error of a request that failed. */
        ErrorResponse: {
            /**
             * @description Error message, for a person to read.
             * @example Invalid offset in the request.
             */
            error_msg?: string | null;
            /**
             * @description Error code. Not all codes are documented: branch on the HTTP status and treat the code as opaque. Not to be confused
             *     with the `error_code` of a failed backup.
             * @example DCS.4800
             */
            error_code?: string | null;
            /**
             * @description Extended error information. Not used at present, and set to `null`.
             * @example null
             */
            error_ext_msg?: string | null;
        };
        /**
         * @description Format of the backup file. Documented since 2023-12-13.
         * @example aof
         */
        BackupFormat: string | null;
    };
    responses: {
        /** @description The backup records of the DCS instance were queried. */
        BackupRecordsPage: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ListBackupRecordsResponse"];
            };
        };
        /** @description Invalid request. Change it before sending it again. */
        BadRequest: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorResponse"];
            };
        };
        /** @description Internal service error. */
        InternalServerError: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorResponse"];
            };
        };
        /** @description The DCS instance has no backup record. The answer is without a body. Documented since 2024-04-24. */
        NoBackupRecords: {
            headers: {
                [name: string]: unknown;
            };
            content?: never;
        };
    };
    parameters: {
        /**
         * @description ID of the project that the instance belongs to. A token must be scoped to this project.
         * @example 0b33da72c10045ecbd8b3b4ac4b34ca7
         */
        ProjectId: string;
        /**
         * @description ID of the DCS instance whose backup records are listed.
         * @example 5560df16-cebf-4473-95c4-d1b573c16e79
         */
        InstanceId: string;
        /**
         * @description Start of the time window that is queried, in UTC, written `yyyyMMddHHmmss`: four digits for the year, then two each
         *     for the month, day, hour (00 to 23), minute and second.
         *
         *     The reference page's sample request spells this parameter `beginTime`; its table and Huawei Cloud's SDKs spell it
         *     `begin_time`.
         * @example 20170718235959
         */
        BeginTime: string;
        /**
         * @description End of the time window that is queried, in UTC, written `yyyyMMddHHmmss` like `begin_time`.
         * @example 20170718235959
         */
        EndTime: string;
        /**
         * @description Number of records on each page, from 1 to 1000; 10 if it is left out.
         * @example 10
         */
        Limit: number;
        /**
         * @description Position at which the query starts: the number of records to skip, not the number of a page. With 3, the list starts at
         *     the fourth record. It must be 0 or greater; it is 0 if it is left out.
         * @example 0
         */
        Offset: number;
    };
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type BackupType = components['schemas']['BackupType'];
export type BackupStatus = components['schemas']['BackupStatus'];
export type RestoreSupport = components['schemas']['RestoreSupport'];
export type BackupRecordResponse = components['schemas']['BackupRecordResponse'];
export type ListBackupRecordsResponse = components['schemas']['ListBackupRecordsResponse'];
export type ErrorResponse = components['schemas']['ErrorResponse'];
export type BackupFormat = components['schemas']['BackupFormat'];
export type ResponseBackupRecordsPage = components['responses']['BackupRecordsPage'];
export type ResponseBadRequest = components['responses']['BadRequest'];
export type ResponseInternalServerError = components['responses']['InternalServerError'];
export type ResponseNoBackupRecords = components['responses']['NoBackupRecords'];
export type ParameterProjectId = components['parameters']['ProjectId'];
export type ParameterInstanceId = components['parameters']['InstanceId'];
export type ParameterBeginTime = components['parameters']['BeginTime'];
export type ParameterEndTime = components['parameters']['EndTime'];
export type ParameterLimit = components['parameters']['Limit'];
export type ParameterOffset = components['parameters']['Offset'];
export type $defs = Record<string, never>;
export interface operations {
    listBackupRecords: {
        parameters: {
            query?: {
                /**
                 * @description Start of the time window that is queried, in UTC, written `yyyyMMddHHmmss`: four digits for the year, then two each
                 *     for the month, day, hour (00 to 23), minute and second.
                 *
                 *     The reference page's sample request spells this parameter `beginTime`; its table and Huawei Cloud's SDKs spell it
                 *     `begin_time`.
                 * @example 20170718235959
                 */
                begin_time?: components["parameters"]["BeginTime"];
                /**
                 * @description End of the time window that is queried, in UTC, written `yyyyMMddHHmmss` like `begin_time`.
                 * @example 20170718235959
                 */
                end_time?: components["parameters"]["EndTime"];
                /**
                 * @description Number of records on each page, from 1 to 1000; 10 if it is left out.
                 * @example 10
                 */
                limit?: components["parameters"]["Limit"];
                /**
                 * @description Position at which the query starts: the number of records to skip, not the number of a page. With 3, the list starts at
                 *     the fourth record. It must be 0 or greater; it is 0 if it is left out.
                 * @example 0
                 */
                offset?: components["parameters"]["Offset"];
            };
            header?: never;
            path: {
                /**
                 * @description ID of the project that the instance belongs to. A token must be scoped to this project.
                 * @example 0b33da72c10045ecbd8b3b4ac4b34ca7
                 */
                project_id: components["parameters"]["ProjectId"];
                /**
                 * @description ID of the DCS instance whose backup records are listed.
                 * @example 5560df16-cebf-4473-95c4-d1b573c16e79
                 */
                instance_id: components["parameters"]["InstanceId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["BackupRecordsPage"];
            204: components["responses"]["NoBackupRecords"];
            400: components["responses"]["BadRequest"];
            500: components["responses"]["InternalServerError"];
        };
    };
}
