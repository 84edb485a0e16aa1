"""Plugin of Datasette: routes of the room, its headers, its errors, its links.

`scrapy serve` gives it the front page, the errors and the headers of all addresses; in a plain `datasette` it adds the pages of a
collection below `/DATABASE/-/`, and leaves the rest alone.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from datasette import hookimpl
from datasette.plugins import pm
from jinja2 import ChoiceLoader, PackageLoader

from crawler.readingroom import answers
from crawler.readingroom.pages import ROUTES
from crawler.readingroom.viewer import with_viewer
from crawler.roomframe.headers import App, SecurityHeaders
from crawler.roomframe.room import options_of

__all__ = ["asgi_wrapper", "handle_exception", "menu_links", "prepare_jinja2_environment", "register_routes"]


@hookimpl
def register_routes(datasette: Any) -> list[tuple[Any, Any]]:
    """Hook: pages of collections, static files, and as a server of ours the front page."""
    routes: list[tuple[Any, Any]] = [(route.regex, answers.view_of(route)) for route in ROUTES]
    routes.append((r"^/-/room/(?P<file>[a-z-]+\.[a-z]+)$", answers.static_file))
    if options_of(datasette)["serve"]:
        routes += [(r"^/(?:\.(?P<format>json))?$", answers.front_page), (r"^/(?P<collection>[^/.]+)/-/.*$", answers.no_such_page)]
    return routes


@hookimpl(trylast=True)
def asgi_wrapper(datasette: Any) -> Callable[[App], App]:
    """Hook: headers of every response, outermost."""
    options = options_of(datasette)
    if not options["serve"]:
        return lambda app: app
    return lambda app: with_viewer(SecurityHeaders(app, host=options["host"]), datasette, options)


@hookimpl
def prepare_jinja2_environment(env: Any, datasette: Any) -> None:
    """Hook: Datasette's templates without scripts inside of the page."""
    if options_of(datasette)["serve"]:
        env.loader = ChoiceLoader([PackageLoader("crawler.readingroom", "templates/datasette"), env.loader])


@hookimpl(tryfirst=True)
def handle_exception(datasette: Any, request: Any, exception: Exception) -> Any:
    """Hook: errors of all addresses in the room's style.

    In a plain Datasette only if its own answer is switched off.
    """
    alone = not pm.has_plugin("datasette.handle_exception")
    return answers.error_answer(datasette, request, exception) if alone or options_of(datasette)["serve"] else None


@hookimpl
def menu_links(datasette: Any) -> list[dict[str, str]]:
    """Hook: the way from Datasette's pages back to the room."""
    return [
        {"href": f"{datasette.urls.database(name)}/-/front", "label": f"Reading room: {name}"}
        for name, database in datasette.databases.items()
        if database.path and Path(database.path).name == "index.db"
    ]
