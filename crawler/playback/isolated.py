"""Scripting context beside that of a page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext, Frame, Page


class World:
    """Scripting context of its own in the frame of a page.

    The page neither sees nor changes it.
    """

    def __init__(self, session: Any, context_id: int) -> None:
        self._session, self._id = session, context_id

    @classmethod
    async def of(cls, context: BrowserContext, page: Page, frame: Frame) -> World:
        """Make one in the frame of the page."""
        session = await context.new_cdp_session(page)
        tree = (await session.send("Page.getFrameTree"))["frameTree"]
        child = next(one["frame"]["id"] for one in tree["childFrames"])
        made = await session.send("Page.createIsolatedWorld", {"frameId": child, "worldName": "look"})
        return cls(session, made["executionContextId"])

    async def value(self, expression: str) -> Any:
        """Evaluate an expression; None if it fails."""
        answer = await self._session.send(
            "Runtime.evaluate", {"expression": expression, "contextId": self._id, "returnByValue": True, "timeout": 10_000}
        )
        return answer["result"].get("value") if "exceptionDetails" not in answer else None
