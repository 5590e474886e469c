"""The program of every Python row that meets the later service's answers.

../answers.ts says what it prints.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass


@dataclass
class Call:
    base_url: str
    token: str
    project_id: str
    instance_id: str


@dataclass
class Failure:
    """The error of the client that names the server's answer, with what it gives of it."""

    status: int
    answer: object


def run(list_backup_records: Callable[[Call], object]) -> None:
    """The call returns what the generated code gives, or a Failure."""
    base_url, token, project_id, instance_id = (
        os.environ[variable]
        for variable in ("BASE_URL", "TOKEN", "PROJECT_ID", "INSTANCE_ID")
    )
    for name in os.environ["CASES"].split():
        call = Call(f"{base_url}/{name}", token, project_id, instance_id)
        print(f"{name}: {outcome(list_backup_records, call)}")


def outcome(list_backup_records: Callable[[Call], object], call: Call) -> str:
    try:
        answer = list_backup_records(call)
    except Exception as error:
        return f"crash {type(error).__name__}: {one_line(error)}"
    if isinstance(answer, Failure):
        return f"error {answer.status} {one_line(answer.answer)}"
    return f"gives {one_line(repr(answer))}"


def one_line(text: object) -> str:
    return " ".join(str(text).split())
