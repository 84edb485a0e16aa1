"""Values that pass between packages: frozen, keyword-only, all times aware UTC.

    LeasedRequest -> Exchange -> Capture -> (Page) -> Outcome (Parsed(Article(Block, Image)), ...) -> Version

A value gains no attribute on its way: a later stage makes a new one that holds the earlier one.
"""

from crawler.items.articles import Article as Article
from crawler.items.articles import Block as Block
from crawler.items.articles import BlockKind as BlockKind
from crawler.items.articles import Image as Image
from crawler.items.articles import Imprint as Imprint
from crawler.items.articles import Link as Link
from crawler.items.articles import Version as Version
from crawler.items.articles import article_of as article_of
from crawler.items.articles import plain as plain
from crawler.items.captures import Capture as Capture
from crawler.items.captures import Failure as Failure
from crawler.items.captures import FrontierRequest as FrontierRequest
from crawler.items.captures import LeasedRequest as LeasedRequest
from crawler.items.captures import Mirror as Mirror
from crawler.items.captures import ReadState as ReadState
from crawler.items.captures import RecordType as RecordType
from crawler.items.captures import Validators as Validators
from crawler.items.exchange import Exchange as Exchange
from crawler.items.exchange import Lookup as Lookup
from crawler.items.exchange import Tls as Tls
from crawler.items.exchange import Truncated as Truncated
from crawler.items.exchange import is_whole_answer as is_whole_answer
from crawler.items.headers import Headers as Headers
from crawler.items.link_list import LinkList as LinkList
from crawler.items.link_list import urls_of as urls_of
from crawler.items.omissions import MAX_EXAMPLE_CHARACTERS as MAX_EXAMPLE_CHARACTERS
from crawler.items.omissions import Omission as Omission
from crawler.items.omissions import Omissions as Omissions
from crawler.items.outcome import LIST_NOT_READ_TO_END as LIST_NOT_READ_TO_END
from crawler.items.outcome import NO_LIST as NO_LIST
from crawler.items.outcome import READ_FROM_CUT as READ_FROM_CUT
from crawler.items.outcome import UNFINISHED as UNFINISHED
from crawler.items.outcome import CutOff as CutOff
from crawler.items.outcome import Failed as Failed
from crawler.items.outcome import Listing as Listing
from crawler.items.outcome import ListKind as ListKind
from crawler.items.outcome import Media as Media
from crawler.items.outcome import Needed as Needed
from crawler.items.outcome import NotModified as NotModified
from crawler.items.outcome import Outcome as Outcome
from crawler.items.outcome import Parsed as Parsed
from crawler.items.outcome import Redirect as Redirect
from crawler.items.outcome import Robots as Robots
from crawler.items.outcome import Unparsed as Unparsed
from crawler.items.outcome import Unusable as Unusable
from crawler.items.outcome import Usable as Usable
from crawler.items.outcome import content_of as content_of
from crawler.items.outcome import with_limit as with_limit
from crawler.items.target import BY_NUMBER as BY_NUMBER
from crawler.items.target import Role as Role
from crawler.items.target import Target as Target
from crawler.items.target import Targeted as Targeted
from crawler.spooled import CHUNK_BYTES as CHUNK_BYTES
from crawler.spooled import SPOOL_BYTES as SPOOL_BYTES
from crawler.spooled import Slice as Slice
from crawler.spooled import SpooledBytes as SpooledBytes
