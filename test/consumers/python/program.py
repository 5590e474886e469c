"""The program of every Python row (../wire.ts says what it prints).

A row brings the call as its generated code makes it; mypy checks that its types fit
those below.
"""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from typing import Protocol, TypedDict


class Record(Protocol):
    @property
    def backup_id(self) -> object: ...
    @property
    def period(self) -> object: ...
    @property
    def backup_name(self) -> object: ...
    @property
    def instance_id(self) -> object: ...
    @property
    def size(self) -> object: ...
    @property
    def backup_type(self) -> object: ...
    @property
    def created_at(self) -> object: ...
    @property
    def updated_at(self) -> object: ...
    @property
    def progress(self) -> object: ...
    @property
    def error_code(self) -> object: ...
    @property
    def remark(self) -> object: ...
    @property
    def status(self) -> object: ...
    @property
    def is_support_restore(self) -> object: ...


@dataclass
class Page:
    total_num: object
    records: Sequence[Record]


@dataclass
class Failure:
    status: int
    error_code: object
    error_msg: object


class Query(TypedDict, total=False):
    limit: int
    offset: int
    begin_time: str
    end_time: str


@dataclass
class Call:
    base_url: str
    token: str
    project_id: str
    instance_id: str
    query: Query


def run(
    list_backup_records: Callable[[Call], Page | Failure],
    succeed: Enum,
    absent: object = None,
) -> None:
    """`absent` is what the generated code puts where the answer has no such field."""

    def call(name: str, query: Query | None = None) -> Page | Failure:
        base_url, token, project_id, instance_id = (
            os.environ[variable]
            for variable in ("BASE_URL", "TOKEN", "PROJECT_ID", "INSTANCE_ID")
        )
        return list_backup_records(
            Call(f"{base_url}/{name}", token, project_id, instance_id, query or {})
        )

    def page(name: str, query: Query | None = None) -> Page:
        answer = call(name, query)
        if isinstance(answer, Failure):
            raise RuntimeError(f"Status {answer.status}, and no page")
        return answer

    def text(value: object) -> str:
        if value is None or value is absent:
            return "null"
        if isinstance(value, datetime):
            utc = value.astimezone(UTC).isoformat(timespec="milliseconds")
            return utc.replace("+00:00", "Z")
        return str(value.value if isinstance(value, Enum) else value)

    def print_record(at: str, record: Record) -> None:
        print(f"{at}.backup_id: {text(record.backup_id)}")
        print(f"{at}.period: {text(record.period)}")
        print(f"{at}.backup_name: {text(record.backup_name)}")
        print(f"{at}.instance_id: {text(record.instance_id)}")
        print(f"{at}.size: {text(record.size)}")
        print(f"{at}.backup_type: {text(record.backup_type)}")
        print(f"{at}.created_at: {text(record.created_at)}")
        print(f"{at}.updated_at: {text(record.updated_at)}")
        print(f"{at}.progress: {text(record.progress)}")
        print(f"{at}.error_code: {text(record.error_code)}")
        print(f"{at}.remark: {text(record.remark)}")
        print(f"{at}.status: {text(record.status)}")
        print(f"{at}.is_support_restore: {text(record.is_support_restore)}")

    def print_types(record: Record) -> None:
        print(f"type.size: {type_name(record.size)}")
        print(f"type.created_at: {type_name(record.created_at)}")
        print(f"type.status: {type_name(record.status)}")
        if record.status == succeed:
            print(f"type.succeed: {type(succeed).__name__}.{succeed.name}")

    def unknown(name: str, look: Callable[[Record], str]) -> str:
        try:
            return look(page(name).records[0])
        except Exception as error:
            return f"fails: {str(error).splitlines()[0]}"

    for name in ("OneManualBackup", "EveryStatus"):
        found = page(name)
        print(f"{name}.total_num: {found.total_num}")
        for index, record in enumerate(found.records):
            print_record(f"{name}.{index}", record)
        if name == "OneManualBackup":
            print_types(found.records[0])

    filtered = page(
        "Filtered",
        {
            "limit": 2,
            "offset": 4,
            "begin_time": "20190501000000",
            "end_time": "20190531235959",
        },
    )
    print(f"Filtered.total_num: {filtered.total_num}")

    for name in ("InvalidOffset", "BackupQueryFailed"):
        failure = call(name)
        if not isinstance(failure, Failure):
            raise RuntimeError(f"{name} got a page")
        print(f"{name}.status: {failure.status}")
        print(f"{name}.error_code: {failure.error_code}")
        print(f"{name}.error_msg: {failure.error_msg}")

    status = unknown("UnknownStatus", lambda record: text(record.status))
    print(f"UnknownStatus: {status}")
    print(f"UnknownField: {unknown('UnknownField', storage_class)}")


def storage_class(record: Record) -> str:
    """A model may keep what it does not know as an attribute, or in this dict."""
    others = getattr(record, "additional_properties", {})
    kept = hasattr(record, "storage_class") or "storage_class" in others
    return "kept" if kept else "dropped"


def type_name(value: object) -> str:
    module, name = type(value).__module__, type(value).__qualname__
    return f"datetime.{name}" if module == "datetime" else name
