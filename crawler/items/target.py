"""The target of a request, held by every value that follows from it."""

from __future__ import annotations

from typing import Literal

from attrs import evolve, frozen

Role = Literal["seed", "feed", "sitemap", "section", "story", "requisite", "robots", "page", "timemap"]


BY_NUMBER = "about:numbers"
"""`found_on` of a story that is asked for because its number lies in the range of a backfill: it may not exist."""


@frozen(kw_only=True)
class Target:
    """One thing to ask for, and where it was found."""

    key: str
    """What makes it unique, whatever the host: a story id, a picture key, `site:language:/path`, or a plain address."""
    url: str
    site: str
    role: Role
    story: str | None = None
    """`presstv/459588`, of a story's page and of its pictures."""
    language: str | None = None
    found_on: str | None = None
    """The address of the page whose link led here, or `BY_NUMBER`."""
    depth: int = 0
    """Links between the seed and this address; 0 in a capture read back from the index."""

    @property
    def is_comparison(self) -> bool:
        """True for a known story or list that is asked for to be compared.

        Its key names the host, a list's behind a blank.
        """
        if self.role == "story":
            return self.story is not None and self.key.startswith(f"{self.story}@")
        return self.role in ("seed", "section") and " " in self.key

    def at(self, url: str) -> Target:
        """Return the same target at another address."""
        return self if url == self.url else evolve(self, url=url)


@frozen(kw_only=True)
class Targeted:
    """A value about one target, whose fields it lends."""

    target: Target

    @property
    def key(self) -> str:
        """`target.key`."""
        return self.target.key

    @property
    def url(self) -> str:
        """`target.url`."""
        return self.target.url

    @property
    def site(self) -> str:
        """`target.site`."""
        return self.target.site

    @property
    def role(self) -> Role:
        """`target.role`."""
        return self.target.role

    @property
    def story(self) -> str | None:
        """`target.story`."""
        return self.target.story

    @property
    def language(self) -> str | None:
        """`target.language`."""
        return self.target.language

    @property
    def found_on(self) -> str | None:
        """`target.found_on`."""
        return self.target.found_on

    @property
    def depth(self) -> int:
        """`target.depth`."""
        return self.target.depth
