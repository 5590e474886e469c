"""Parses every file of a language under a folder: check.py LANGUAGE FOLDER"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import tree_sitter_swift
from tree_sitter import Language, Node, Parser
from tree_sitter_language_pack import get_language


class Grammar(NamedTuple):
    language: Language
    suffix: str
    accept: re.Pattern[bytes] | None = None
    """Code that is valid, though the grammar cannot read it."""


GRAMMARS = {
    "csharp": Grammar(get_language("csharp"), ".cs"),
    "dart": Grammar(get_language("dart"), ".dart"),
    # https://github.com/tree-sitter/tree-sitter-php/issues/295
    "php": Grammar(
        get_language("php"), ".php", re.compile(rb"const (TRUE|FALSE) = '\w+';")
    ),
    "ruby": Grammar(get_language("ruby"), ".rb"),
    # The language pack's grammar is older than typed throws. None reads an empty tuple.
    "swift": Grammar(
        Language(tree_sitter_swift.language()), ".swift", re.compile(rb"\(\)")
    ),
}


def check(grammar: Grammar, folder: Path) -> int:
    """Returns the exit code."""
    parser = Parser(grammar.language)
    files = sorted(folder.rglob(f"*{grammar.suffix}"))
    found = 0
    for file in files:
        root = parser.parse(file.read_bytes()).root_node
        for node in faults(root, grammar.accept):
            row, column = node.start_point
            what = f"{node.type} is missing" if node.is_missing else "syntax error"
            print(f"{file}:{row + 1}:{column + 1}: {what}")
            found += 1
    print(f"{len(files)} files, {found} faults")
    return 1 if found or not files else 0


def faults(node: Node, accept: re.Pattern[bytes] | None) -> Iterator[Node]:
    if accept and accept.fullmatch(node.text or b""):
        return
    if node.is_error or node.is_missing:
        yield node
    elif node.has_error:
        for child in node.children:
            yield from faults(child, accept)


match sys.argv[1:]:
    case [language, folder] if language in GRAMMARS:
        sys.exit(check(GRAMMARS[language], Path(folder)))
    case _:
        sys.exit(__doc__)
