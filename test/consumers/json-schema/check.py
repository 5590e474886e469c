"""Checks documents against the schemas that the OpenAPI Initiative publishes: check.py FILE..."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft4Validator, Draft202012Validator
from jsonschema.exceptions import best_match
from jsonschema.protocols import Validator
from referencing import Registry, Resource
from referencing.exceptions import Unresolvable

SCHEMAS = json.loads(Path("schemas.json").read_text())


def validator(version: str) -> Validator:
    if version.startswith("3.0."):
        return Draft4Validator(
            SCHEMAS["v3"], format_checker=Draft4Validator.FORMAT_CHECKER
        )
    schema = SCHEMAS["v31"]
    # The schema of 3.1 itself leaves the Schema Objects of a document to their dialect.
    with_dialect = {
        "$id": "with-dialect",
        "$ref": schema["$id"],
        "$defs": {
            "dialect": {
                "$dynamicAnchor": "meta",
                "$ref": Draft202012Validator.META_SCHEMA["$id"],
            }
        },
    }
    return Draft202012Validator(
        with_dialect,
        registry=Registry().with_resource(
            schema["$id"], Resource.from_contents(schema)
        ),
        format_checker=Draft202012Validator.FORMAT_CHECKER,
    )


def faults(document: Any) -> Iterator[str]:
    for error in validator(document["openapi"]).iter_errors(document):
        innermost = best_match([error])
        yield f"{innermost.json_path}: {innermost.message}"
    resource = Resource.opaque(document)
    resolver = Registry().with_resource("", resource).resolver()
    for reference in references(document):
        try:
            resolver.lookup(reference)
        except Unresolvable as error:
            yield f"{error.ref} leads nowhere"


def references(value: Any) -> Iterator[str]:
    match value:
        case {"$ref": str(reference)}:
            yield reference
        case dict():
            for member in value.values():
                yield from references(member)
        case list():
            for item in value:
                yield from references(item)


failed = False
for file in sys.argv[1:]:
    for fault in faults(yaml.safe_load(Path(file).read_text())):
        print(f"{file}: {fault}")
        failed = True
sys.exit(1 if failed or len(sys.argv) < 2 else 0)
