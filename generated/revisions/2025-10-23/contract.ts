// Written by `npm run build` from the files in spec/. Edit those.

import type { Operation, Parameter, Response, Schemas, SecurityScheme } from "../../contract.ts";

/** Version of the contract. */
export const version: string = "0.1.0";

/** The call. */
export const operation: Operation = {
  "id": "listBackupRecords",
  "method": "GET",
  "path": "/v2/{project_id}/instances/{instance_id}/backups"
};

/** URL of the server, with the default of each variable. */
export const server: string = "https://dcs.sa-brazil-1.myhuaweicloud.com";

/** In the order of the contract. */
export const parameters: readonly Parameter[] = [
  {
    "name": "project_id",
    "in": "path",
    "required": true,
    "schema": {
      "type": "string"
    },
    "example": "0b33da72c10045ecbd8b3b4ac4b34ca7",
    "pointer": "#/components/parameters/ProjectId"
  },
  {
    "name": "instance_id",
    "in": "path",
    "required": true,
    "schema": {
      "type": "string"
    },
    "example": "5560df16-cebf-4473-95c4-d1b573c16e79",
    "pointer": "#/components/parameters/InstanceId"
  },
  {
    "name": "begin_time",
    "in": "query",
    "required": false,
    "schema": {
      "type": "string",
      "pattern": "^[0-9]{4}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])([01][0-9]|2[0-3])[0-5][0-9][0-5][0-9]$"
    },
    "example": "20170718235959",
    "pointer": "#/components/parameters/BeginTime"
  },
  {
    "name": "end_time",
    "in": "query",
    "required": false,
    "schema": {
      "type": "string",
      "pattern": "^[0-9]{4}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])([01][0-9]|2[0-3])[0-5][0-9][0-5][0-9]$"
    },
    "example": "20170718235959",
    "pointer": "#/components/parameters/EndTime"
  },
  {
    "name": "limit",
    "in": "query",
    "required": false,
    "schema": {
      "type": "integer",
      "format": "int32",
      "minimum": 1,
      "maximum": 1000
    },
    "example": 10,
    "pointer": "#/components/parameters/Limit"
  },
  {
    "name": "offset",
    "in": "query",
    "required": false,
    "schema": {
      "type": "integer",
      "format": "int32",
      "minimum": 0
    },
    "example": 0,
    "pointer": "#/components/parameters/Offset"
  }
];

/** The patterns that they have, by their names. */
export const patterns: Readonly<Record<string, string>> = {
  "begin_time": "^[0-9]{4}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])([01][0-9]|2[0-3])[0-5][0-9][0-5][0-9]$",
  "end_time": "^[0-9]{4}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])([01][0-9]|2[0-3])[0-5][0-9][0-5][0-9]$"
};

/** In the order of the contract. */
export const responses: readonly Response[] = [
  {
    "status": 200,
    "mediaType": "application/json",
    "schema": "ListBackupRecordsResponse",
    "examples": [
      "OneManualBackup",
      "NoBackups",
      "EveryStatus"
    ],
    "pointer": "#/components/responses/BackupRecordsPage"
  },
  {
    "status": 400,
    "mediaType": "application/json",
    "schema": "ErrorResponse",
    "examples": [
      "InvalidOffset"
    ],
    "pointer": "#/components/responses/BadRequest"
  },
  {
    "status": 500,
    "mediaType": "application/json",
    "schema": "ErrorResponse",
    "examples": [
      "BackupQueryFailed"
    ],
    "pointer": "#/components/responses/InternalServerError"
  }
];

/** The fields of each object, by the name of its schema. */
export const schemas: Schemas = {
  "BackupRecordResponse": {
    "backup_id": {
      "type": "string",
      "nullable": false
    },
    "period": {
      "type": "string",
      "nullable": true
    },
    "backup_name": {
      "type": "string",
      "nullable": false
    },
    "instance_id": {
      "type": "string",
      "nullable": false
    },
    "size": {
      "type": "integer",
      "format": "int64",
      "nullable": false
    },
    "backup_type": {
      "type": "string",
      "enum": [
        "manual",
        "auto"
      ],
      "nullable": false,
      "meanings": {
        "manual": "Manual backup.",
        "auto": "Automatic backup."
      }
    },
    "created_at": {
      "type": "string",
      "format": "date-time",
      "nullable": false
    },
    "updated_at": {
      "type": "string",
      "format": "date-time",
      "nullable": false
    },
    "progress": {
      "type": "string",
      "nullable": false
    },
    "error_code": {
      "type": "string",
      "nullable": true,
      "meanings": {
        "dcs.08.0001": "The backup and restoration tool could not be started.",
        "dcs.08.0002": "The execution timed out.",
        "dcs.08.0003": "The bucket could not be deleted.",
        "dcs.08.0004": "The AK/SK could not be obtained.",
        "dcs.08.0005": "The bucket could not be created.",
        "dcs.08.0006": "The size of the backup data could not be queried.",
        "dcs.08.0007": "The data could not be synchronised during the restoration.",
        "dcs.08.0008": "The scheduled backup task is not running. The instance is running other tasks."
      }
    },
    "remark": {
      "type": "string",
      "nullable": false
    },
    "status": {
      "type": "string",
      "enum": [
        "waiting",
        "backuping",
        "succeed",
        "failed",
        "expired",
        "deleted"
      ],
      "nullable": false,
      "meanings": {
        "waiting": "The backup task is waiting to start.",
        "backuping": "The backup of the instance is in progress.",
        "succeed": "The backup of the instance succeeded.",
        "failed": "The backup of the instance failed. The `error_code` says why.",
        "expired": "The backup file has expired.",
        "deleted": "The backup file was deleted manually."
      }
    },
    "is_support_restore": {
      "type": "string",
      "enum": [
        "TRUE",
        "FALSE"
      ],
      "nullable": false,
      "meanings": {
        "TRUE": "The instance can be restored from this backup.",
        "FALSE": "The instance cannot be restored from this backup."
      }
    },
    "execution_at": {
      "type": "string",
      "format": "date-time",
      "nullable": false
    },
    "backup_format": {
      "type": "string",
      "enum": [
        "aof",
        "rdb"
      ],
      "nullable": false,
      "meanings": {
        "aof": "An append-only file, which logs the write commands.",
        "rdb": "An RDB file, a snapshot of the data."
      }
    }
  },
  "ListBackupRecordsResponse": {
    "total_num": {
      "type": "integer",
      "format": "int32",
      "nullable": false
    },
    "backup_record_response": {
      "type": "array",
      "nullable": false,
      "items": "BackupRecordResponse"
    }
  },
  "ErrorResponse": {
    "error_msg": {
      "type": "string",
      "maxLength": 1024,
      "nullable": false
    },
    "error_code": {
      "type": "string",
      "maxLength": 9,
      "nullable": false
    },
    "error_ext_msg": {
      "type": "string",
      "maxLength": 1024,
      "nullable": true
    }
  }
};

/** The fields of a page and its records that may be null, by the name of their schema. */
export const nullable: Readonly<Record<string, readonly string[]>> = {
  "BackupRecordResponse": [
    "period",
    "error_code"
  ]
};

/** The ways to authenticate, by their names. */
export const security: Readonly<Record<string, SecurityScheme>> = {
  "AuthToken": {
    "type": "apiKey",
    "name": "X-Auth-Token"
  },
  "AkSkSignature": {
    "type": "apiKey",
    "name": "Authorization"
  }
};
