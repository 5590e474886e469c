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
         * @description Returns one page of the backup records of one instance, optionally only those of a time window.
         *
         *     Deleted backups stay in the list, with the status `deleted`. The order of the records is documented nowhere, so a
         *     record may repeat or be skipped between two pages while backups are being made: recognise records by `backup_id`.
         *
         *     Statuses that are not listed here come from the API gateway in front of DCS, with bodies of its own: 401 and 403 for
         *     the credentials, 404 for the instance, 429 for too many requests.
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
         * @description A time in UTC, written `yyyyMMddHHmmss`: four digits of the year, then two each of the month, day, hour (00 to 23),
         *     minute and second.
         * @example 20170718235959
         */
        CompactTimestamp: string;
        /**
         * @description Who started the backup.
         * @example manual
         * @enum {string}
         */
        BackupType: "manual" | "auto";
        /**
         * @description How far the backup has come.
         * @example succeed
         * @enum {string}
         */
        BackupStatus: "waiting" | "backuping" | "succeed" | "failed" | "expired" | "deleted";
        /**
         * @description Whether the instance can be restored from this backup. The values are strings, never booleans.
         * @example TRUE
         * @enum {string}
         */
        RestoreSupport: "TRUE" | "FALSE";
        /** @description One backup of a DCS instance, whether it is planned, running, done, failed, expired or deleted. */
        BackupRecordResponse: {
            /**
             * @description ID of the backup. It identifies the record across pages.
             * @example 4631832a-14c6-45b0-a0b3-3abd8f591ad1
             */
            backup_id?: string;
            /**
             * @description Time of day at which the backup was made. For an automatic backup it is the window of the backup schedule, in UTC
             *     and on the hour. `null` when there is none, as for a manual backup.
             * @example 22:00-23:00
             */
            period?: string | null;
            /**
             * @description Name of the backup record.
             * @example backup_20190510163116
             */
            backup_name?: string;
            /**
             * @description ID of the DCS instance that was backed up. It is the instance that was asked for.
             * @example 5560df16-cebf-4473-95c4-d1b573c16e79
             */
            instance_id?: string;
            /**
             * Format: int64
             * @description Size of the backup file in bytes.
             * @example 880232
             */
            size?: number;
            backup_type?: components["schemas"]["BackupType"];
            /**
             * Format: date-time
             * @description Time in UTC at which the backup task was created.
             * @example 2019-05-10T08:31:16.166Z
             */
            created_at?: string;
            /**
             * Format: date-time
             * @description Time in UTC at which the backup was completed.
             * @example 2019-05-10T08:32:30.546Z
             */
            updated_at?: string;
            /**
             * @description Progress of the backup in percent, as a decimal number with two digits after the point.
             * @example 100.00
             */
            progress?: string;
            /**
             * @description Why the backup failed. `null` for a backup that did not fail. Eight codes are documented, each with its meaning in
             *     `x-enumDescriptions`; others may follow. This is the code of a failed backup, not the `error_code` of a failed
             *     request.
             * @example dcs.08.0002
             */
            error_code?: string | null;
            /**
             * @description Description that was given to the backup.
             * @example 001
             */
            remark?: string;
            status?: components["schemas"]["BackupStatus"];
            is_support_restore?: components["schemas"]["RestoreSupport"];
        };
        /** @description One page of backup records. */
        ListBackupRecordsResponse: {
            /**
             * Format: int32
             * @description Number of records returned. The reference page does not say whether it counts this page or all pages, so do not
             *     rely on it alone to tell whether there are more.
             * @example 1
             */
            total_num?: number;
            /** @description The backup records of this page. Empty when no record matches. */
            backup_record_response?: components["schemas"]["BackupRecordResponse"][];
        };
        /** @description Why a request failed. */
        ErrorResponse: {
            /**
             * @description What went wrong, for a person to read.
             * @example Invalid offset in the request.
             */
            error_msg?: string;
            /**
             * @description Code of the error, for a program to compare. The list of codes is open: branch on the HTTP status and treat the
             *     code as opaque. This is the code of a failed request, not the `error_code` of a failed backup.
             * @example DCS.4800
             */
            error_code?: string;
            /**
             * @description Further information on the error. Not used at present, and `null`.
             * @example null
             */
            error_ext_msg?: string | null;
        };
    };
    responses: {
        /** @description The backup records of the instance. */
        BackupRecordsPage: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ListBackupRecordsResponse"];
            };
        };
        /** @description The request is invalid. Change it before sending it again. */
        BadRequest: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorResponse"];
            };
        };
        /** @description The service failed. The same request may succeed later. */
        InternalServerError: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorResponse"];
            };
        };
    };
    parameters: {
        /**
         * @description ID of the project that the instance belongs to. It must be the project that the credentials are for.
         * @example 0b33da72c10045ecbd8b3b4ac4b34ca7
         */
        ProjectId: string;
        /**
         * @description ID of the DCS instance whose backup records are listed.
         * @example 5560df16-cebf-4473-95c4-d1b573c16e79
         */
        InstanceId: string;
        /**
         * @description Start of the time window, in UTC, written `yyyyMMddHHmmss`. Without it the window has no start.
         *
         *     The reference page's sample URL spells this parameter `beginTime`; its table, and every SDK, spell it `begin_time`.
         * @example 20170718235959
         */
        BeginTime: components["schemas"]["CompactTimestamp"];
        /**
         * @description End of the time window, in UTC, written `yyyyMMddHHmmss`. Without it the window has no end.
         * @example 20170718235959
         */
        EndTime: components["schemas"]["CompactTimestamp"];
        /**
         * @description Number of records on a page. The reference page gives neither bounds nor a default; later revisions of it say 1 to
         *     1000, and 10 when the parameter is absent.
         * @example 10
         */
        Limit: number;
        /**
         * @description Position at which the page starts: the number of records to skip, not the number of a page. The first record has
         *     offset 0.
         * @example 0
         */
        Offset: number;
    };
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type CompactTimestamp = components['schemas']['CompactTimestamp'];
export type BackupType = components['schemas']['BackupType'];
export type BackupStatus = components['schemas']['BackupStatus'];
export type RestoreSupport = components['schemas']['RestoreSupport'];
export type BackupRecordResponse = components['schemas']['BackupRecordResponse'];
export type ListBackupRecordsResponse = components['schemas']['ListBackupRecordsResponse'];
export type ErrorResponse = components['schemas']['ErrorResponse'];
export type ResponseBackupRecordsPage = components['responses']['BackupRecordsPage'];
export type ResponseBadRequest = components['responses']['BadRequest'];
export type ResponseInternalServerError = components['responses']['InternalServerError'];
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
                 * @description Start of the time window, in UTC, written `yyyyMMddHHmmss`. Without it the window has no start.
                 *
                 *     The reference page's sample URL spells this parameter `beginTime`; its table, and every SDK, spell it `begin_time`.
                 * @example 20170718235959
                 */
                begin_time?: components["parameters"]["BeginTime"];
                /**
                 * @description End of the time window, in UTC, written `yyyyMMddHHmmss`. Without it the window has no end.
                 * @example 20170718235959
                 */
                end_time?: components["parameters"]["EndTime"];
                /**
                 * @description Number of records on a page. The reference page gives neither bounds nor a default; later revisions of it say 1 to
                 *     1000, and 10 when the parameter is absent.
                 * @example 10
                 */
                limit?: components["parameters"]["Limit"];
                /**
                 * @description Position at which the page starts: the number of records to skip, not the number of a page. The first record has
                 *     offset 0.
                 * @example 0
                 */
                offset?: components["parameters"]["Offset"];
            };
            header?: never;
            path: {
                /**
                 * @description ID of the project that the instance belongs to. It must be the project that the credentials are for.
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
            400: components["responses"]["BadRequest"];
            500: components["responses"]["InternalServerError"];
        };
    };
}
