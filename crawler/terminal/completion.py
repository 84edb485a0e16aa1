"""Scripts that complete commands, options and arguments in bash, zsh and fish."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from attrs import frozen

from crawler.terminal.program import NAMES

Kind = Literal["site", "collection", "file", "argument", "setting", "word", "none"]


@frozen(kw_only=True)
class OptionShape:
    """One option: its names, and what its value is."""

    names: tuple[str, ...]
    about: str
    value: Kind | None = None
    """None for an option without a value."""
    words: tuple[str, ...] = ()
    """Of a value of the kind `word`."""


@frozen(kw_only=True)
class CommandShape:
    """One command: its options, and what its arguments are."""

    name: str
    about: str
    options: tuple[OptionShape, ...]
    arguments: tuple[Kind, ...]
    words: tuple[str, ...] = ()


@frozen(kw_only=True)
class Vocabulary:
    """All words of a command line that are known beforehand."""

    commands: tuple[CommandShape, ...]
    sites: tuple[str, ...]
    arguments: Mapping[str, tuple[str, ...]]
    """Spider arguments of `web`, `replay` and, as SITE, of sites: `scope=` or, with its values, `scope=host`."""
    settings: tuple[str, ...]
    archives: str
    """Directory of the collections, unless the environment names one."""


def script(shell: str, words: Vocabulary) -> str:
    """Write the script for a shell."""
    lines = {"bash": _bash, "zsh": _zsh, "fish": _fish}[shell](words)
    return "\n".join([f"# Completion of {' and '.join(NAMES)}; made by `completion`, to be made anew after an upgrade.", *lines]) + "\n"


def _bash(words: Vocabulary) -> Iterator[str]:
    yield '_news_archive_files() { compgen -f -- "$1"; }'
    yield from _words_function(words, "")
    yield from _BASH.splitlines()
    yield f"complete -F _news_archive {' '.join(NAMES)}"


def _zsh(words: Vocabulary) -> Iterator[str]:
    yield "(( $+functions[compdef] )) || { autoload -U compinit && compinit -u }"
    yield '_news_archive_files() { setopt localoptions nullglob; local f; for f in "$1"*; do print -r -- "$f"; done }'
    yield from _words_function(words, "    setopt localoptions nullglob")
    yield from _ZSH.splitlines()
    yield f"compdef _news_archive {' '.join(NAMES)}"


def _words_function(words: Vocabulary, first: str) -> Iterator[str]:
    """Write the function that prints what may stand in a place.

    It is written in what bash and zsh share.
    """
    yield "_news_archive_words() {"
    yield "    # command, option before, site, what is typed so far"
    yield "    local command=$1 before=$2 site=$3 f"
    if first:
        yield first
    yield '    case "$command $before" in'
    everywhere = set.intersection(*(set(command.options) for command in words.commands))
    for prefix, options in [("*", everywhere), *((shlex.quote(one.name), set(one.options) - everywhere) for one in words.commands)]:
        for option in sorted(options, key=lambda one: one.names):
            if option.value is not None:
                names = "|".join(f"{prefix}' {name}'" for name in option.names)
                yield f"        {names}) {_values(option.value, option.words, words)}; return;;"
    yield "    esac"
    yield '    case "$command" in'
    yield f"        '') printf '%s\\n' {' '.join(command.name for command in words.commands)};;"
    for command in words.commands:
        names = " ".join(name for option in command.options for name in option.names)
        values = "; ".join(_values(kind, command.words, words) for kind in command.arguments) or ":"
        yield f"        {command.name}) if [[ $4 == -* ]]; then printf '%s\\n' {names}; else {values}; fi;;"
    yield "    esac"
    yield "}"


def _values(kind: Kind, own: Sequence[str], words: Vocabulary) -> str:
    """Write the command that prints the values of a kind, one a line."""
    if kind == "collection":
        found = f'for f in "${{ARCHIVE_DIR:-{words.archives}}}"/*/index.db'
        return found + "; do [ -e \"$f\" ] && f=${f%/index.db} && printf '%s\\n' \"${f##*/}\"; done"
    if kind == "file":
        return '_news_archive_files "$4"'
    if kind == "argument":
        lists = " ".join(f"{name}) printf '%s\\n' {' '.join(words.arguments[name])};;" for name in ("web", "replay"))
        return f"case $site in {lists} *) printf '%s\\n' {' '.join(words.arguments['SITE'])};; esac"
    listed = {"site": words.sites, "setting": tuple(f"{name}=" for name in words.settings), "word": own}.get(kind, ())
    return f"printf '%s\\n' {' '.join(map(shlex.quote, listed))}" if listed else ":"


_SEARCH = """\
        if [[ -z $command && $word != -* ]]; then command=$word
        elif [[ ( $command == crawl || $command == enqueue ) && -z $site && $word != -* && $before != -* ]]; then site=$word
        fi
        before=$word
"""
"""In both shells: what a word before the cursor tells."""
_BASH = f"""\
_news_archive() {{
    local line=${{COMP_LINE:0:COMP_POINT}} token before='' command='' site='' word i cut=''
    local -a typed
    COMPREPLY=()
    read -ra typed <<< "$line"
    [[ $line == *[[:space:]] ]] && typed+=('')
    token=${{typed[${{#typed[@]}}-1]}}
    for ((i = 1; i < ${{#typed[@]}} - 1; i++)); do
        word=${{typed[i]}}
{_SEARCH}    done
    [[ $before == -* ]] || before=''
    # Bash replaces what stands behind its last word break only: `=` and `:` are such.
    [[ $token == *[=:]* && $COMP_WORDBREAKS == *=* ]] && cut=${{token%"${{token##*[=:]}}"}}
    while IFS= read -r word; do
        [[ $word == "$token"* ]] && COMPREPLY+=("${{word#"$cut"}}")
    done < <(_news_archive_words "$command" "$before" "$site" "$token")
    [[ ${{#COMPREPLY[@]}} -eq 1 && ${{COMPREPLY[0]}} == *= ]] && compopt -o nospace 2>/dev/null
    return 0
}}
"""
_ZSH = f"""\
_news_archive() {{
    local before='' command='' site='' word i
    local -a found open
    for ((i = 2; i < CURRENT; i++)); do
        word=${{words[i]}}
{_SEARCH}    done
    [[ $before == -* ]] || before=''
    found=("${{(@f)$(_news_archive_words "$command" "$before" "$site" "${{words[CURRENT]}}")}}")
    open=(${{(M)found:#*=}})
    (( $#open )) && compadd -S '' -- $open
    found=(${{found:#*=}})
    (( $#found )) && compadd -- $found
}}
"""


def _fish(words: Vocabulary) -> Iterator[str]:
    yield "function __news_archive_collections"
    yield f"    set -q ARCHIVE_DIR; and set -l folder $ARCHIVE_DIR; or set -l folder {shlex.quote(words.archives)}"
    yield "    for file in $folder/*/index.db; basename (dirname $file); end"
    yield "end"
    for program in NAMES:
        yield f"complete -c {program} -f"
        for command in words.commands:
            about = _fish_quoted(command.about)
            yield f"complete -c {program} -n __fish_use_subcommand -a {command.name} -d {about}"
            seen = f"complete -c {program} -n '__fish_seen_subcommand_from {command.name}'"
            for option in command.options:
                names = " ".join(f"-l {name[2:]}" if name.startswith("--") else f"-s {name[1:]}" for name in option.names)
                yield f"{seen} {names} {_fish_values(option.value, option.words, words)} -d {_fish_quoted(option.about)}"
            yield from (f"{seen} {_fish_values(kind, command.words, words).removeprefix('-x ')}" for kind in command.arguments)


def _fish_values(kind: Kind | None, own: Sequence[str], words: Vocabulary) -> str:
    if kind is None:
        return ""
    if kind == "collection":
        return "-x -a '(__news_archive_collections)'"
    if kind == "file":
        return "-r -F"
    every = sorted({one for some in words.arguments.values() for one in some})
    listed = {"site": words.sites, "setting": [f"{n}=" for n in words.settings], "argument": every, "word": own}.get(kind, ())
    return f"-x -a {_fish_quoted(' '.join(listed))}" if listed else "-x"


def _fish_quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
