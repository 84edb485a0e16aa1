"""Read the small programs that public test suites are written in: assignments, calls and assertions of C++, Java, JavaScript, Python.

Nothing of a suite is run: each statement is brought into Python's grammar, and only strings, numbers, lists, sums and calls of
the functions that the reader of the suite offers are worked out. What is not understood raises `Unread`.
"""

import ast
import operator
import re
from collections.abc import Iterator
from typing import Any

_STRINGS_AND_COMMENTS = re.compile(r"""("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|//[^\n]*|/\*.*?\*/""", re.DOTALL)
_STATEMENT = re.compile(r"""(?:"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|[^;{}"'])+|[{}]""", re.DOTALL)
_BINARY = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul}
_COMPARED = {
    ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Is: operator.is_, ast.IsNot: operator.is_not, ast.In: lambda a, b: a in b,
}  # fmt: skip
_OF_BUILTINS = frozenset({"join", "repeat", "encode", "append"})


class Unread(Exception):
    """A statement that this small reader does not understand."""


def without_comments(source: str) -> str:
    """The source without `//` and `/* */` comments, its strings untouched."""
    return _STRINGS_AND_COMMENTS.sub(lambda found: found[1] or " ", source)


def statements(block: str) -> Iterator[str]:
    """The statements of a block without comments, and its braces, in their order."""
    for found in _STATEMENT.finditer(block):
        if found[0].strip():
            yield " ".join(found[0].split("\n")).strip()


def value(expression: str, names: dict[str, Any]) -> Any:
    """What an expression in Python's grammar comes to."""
    try:
        tree = ast.parse(expression.strip(), mode="eval")
    except (SyntaxError, ValueError) as error:
        raise Unread(expression[:100]) from error
    return worked_out(tree.body, names)


def worked_out(node: ast.expr, names: dict[str, Any]) -> Any:
    """What a node comes to; `names` holds the variables and the functions that may be called."""
    match node:
        case ast.Constant(value=constant):
            return constant
        case ast.Name(id=name) if name in names:
            return names[name]
        case ast.List(elts=elements) | ast.Set(elts=elements):
            return [worked_out(one, names) for one in elements]
        case ast.Tuple(elts=elements):
            return tuple(worked_out(one, names) for one in elements)
        case ast.JoinedStr(values=parts):
            return "".join(str(worked_out(part.value if isinstance(part, ast.FormattedValue) else part, names)) for part in parts)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return not worked_out(operand, names)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -worked_out(operand, names)
        case ast.BinOp(left=left, op=sign, right=right) if type(sign) in _BINARY:
            return _BINARY[type(sign)](worked_out(left, names), worked_out(right, names))
        case ast.Compare(left=left, ops=[sign], comparators=[right]) if type(sign) in _COMPARED:
            return _COMPARED[type(sign)](worked_out(left, names), worked_out(right, names))
        case ast.Subscript(value=held, slice=at):
            return worked_out(held, names)[worked_out(at, names)]
        case ast.Attribute(value=held, attr=name) if not name.startswith("_"):
            if isinstance(found := worked_out(held, names), str | bytes | list | tuple | dict):
                raise Unread(ast.unparse(node)[:100])
            return getattr(found, name)
        case ast.Call(func=function, args=arguments, keywords=keywords):
            given = [worked_out(one, names) for one in arguments]
            return _called(function, given, {word.arg or "": worked_out(word.value, names) for word in keywords}, names)
    raise Unread(ast.unparse(node)[:100])


def _called(function: ast.expr, given: list[Any], words: dict[str, Any], names: dict[str, Any]) -> Any:
    if isinstance(function, ast.Name) and callable(found := names.get(function.id)):
        return found(*given, **words)
    if isinstance(function, ast.Attribute) and not function.attr.startswith("_"):
        held = worked_out(function.value, names)
        if isinstance(held, list) and function.attr == "join":
            return given[0].join(held)
        if isinstance(held, str) and function.attr == "repeat":
            return held * given[0]
        if not isinstance(held, str | bytes | list | tuple | dict) or function.attr in _OF_BUILTINS:
            return getattr(held, function.attr)(*given, **words)
    raise Unread(ast.unparse(function)[:100])
