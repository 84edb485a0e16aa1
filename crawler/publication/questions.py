"""The usual questions with their SQL: canned queries in Datasette, examples in `docs/questions.md`."""

from __future__ import annotations

from attrs import frozen


@frozen(kw_only=True)
class Question:
    """A question and the SQL that answers it."""

    name: str
    title: str
    about: str
    """A sentence or two for a reader who knows SQL a little."""
    sql: str
    example: tuple[tuple[str, str], ...] = ()
    """Values of its parameters that give an answer on the demo's collection."""


QUESTIONS = (
    Question(
        name="who_took_the_pictures", title="Who took the pictures?",
        about="Pictures of newest versions by credit; what differs in case, white space or punctuation at the ends only is one.",
        sql="SELECT credit, pictures, stories, forms, substr(first_published, 1, 10) AS first, substr(last_published, 1, 10) AS last\n"
            "FROM pictures_by_credit ORDER BY pictures DESC, credit LIMIT 100",
    ),
    Question(
        name="which_agencies", title="Which agencies are they from?",
        about="The same by the agency that a credit names.",
        sql="SELECT agency, pictures, stories FROM pictures_by_agency ORDER BY pictures DESC, agency LIMIT 100",
    ),
    Question(
        name="pictures_credited_to", title="Which pictures are credited to somebody?",
        about="Newest first, with the story, and the WARC that holds the archived file. Part of a name is enough.",
        sql="SELECT story_id, headline, published, caption, credit, picture_url, warc, offset, record_id FROM pictures\n"
            "WHERE credit LIKE '%' || :credit || '%' ORDER BY published DESC LIMIT 100",
        example=(("credit", "quill"),),
    ),
    Question(
        name="credit_against_file", title="Where does a picture file name another maker than the page?",
        about="The credit as printed beside what the file itself says (IPTC, XMP).",
        sql="SELECT story_id, caption, credit, file_byline, file_credit, file_copyright, warc, offset FROM pictures\n"
            "WHERE coalesce(file_byline, file_credit, file_copyright) IS NOT NULL ORDER BY published DESC LIMIT 100",
    ),
    Question(
        name="pictures_without_credit", title="Which pictures have no credit?",
        about="Newest first.",
        sql="SELECT story_id, headline, published, caption, picture_url FROM pictures\n"
            "WHERE credit_key IS NULL ORDER BY published DESC LIMIT 100",
    ),
    Question(
        name="newest_stories", title="What was published last?",
        about="The newest version of each story.",
        sql="SELECT published, story_id, headline, section, state, versions, pictures, hosts FROM latest_versions\n"
            "ORDER BY published DESC LIMIT 50",
    ),
    Question(
        name="who_wrote", title="Who wrote how much?",
        about="Authors stand in a JSON list; `json_each` takes it apart.",
        sql="SELECT a.value AS author, count(*) AS stories FROM latest_versions v, json_each(v.authors) a\n"
            "GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 100",
    ),
    Question(
        name="headlines_changed", title="Which headlines were changed, and how soon?",
        about="`stood_most`: the seconds that the old one stood at most since it was first seen.",
        sql="SELECT date, story_id, headline_before, headline, stood_least, stood_most, host FROM headline_changes\n"
            "ORDER BY date DESC LIMIT 100",
    ),
    Question(
        name="what_was_removed", title="What was taken away?",
        about="Stories that were seen here and are gone now, with the first capture that says so.",
        sql="SELECT missing_since, story_id, headline, state, last_seen, denials, url FROM removed_stories\n"
            "ORDER BY missing_since DESC LIMIT 100",
    ),
    Question(
        name="what_happened", title="What happened to stories, month by month?",
        about="Events by kind; docs/events.md tells what counts as one.",
        sql="SELECT substr(date, 1, 7) AS month, kind, count(*) AS events FROM events GROUP BY 1, 2 ORDER BY 1 DESC, 3 DESC LIMIT 200",
    ),
    Question(
        name="history_of_a_story", title="What happened to one story?",
        about="Its events in order, with the captures that show them.",
        sql="SELECT date, kind, headline, headline_before, host, warc, offset, record_id FROM events\n"
            "WHERE story_id = :story ORDER BY date",
        example=(("story", "courier/1017"),),
    ),
    Question(
        name="captures_of_one_story", title="When was a story captured, and what did each capture show?",
        about="Its page and its pictures on every mirror, and where each record lies.",
        sql="SELECT date, host, status, version, told, role, url, warc, offset, length, record_id FROM captures_of_story\n"
            "WHERE story_id = :story ORDER BY date",
        example=(("story", "courier/1017"),),
    ),
    Question(
        name="mirrors_that_disagree", title="Where do mirrors say different things?",
        about="A row a story and pair of mirrors; `fields` is a JSON list of what differs.",
        sql="SELECT first_seen, ended, story_id, kind, host, other_host, fields, sightings FROM divergences\n"
            "ORDER BY first_seen DESC LIMIT 100",
    ),
    Question(
        name="mirrors_by_month", title="What was each mirror seen to do?",
        about="Stories compared with other mirrors in a month, and what came of it.",
        sql="SELECT month, host, compared, equal, lagging, different, missing, says FROM mirror_timeline ORDER BY month DESC, host",
    ),
    Question(
        name="what_is_missing", title="Which days are complete, and which are not?",
        about="Stories that feeds, sitemaps and fronts announced on a day, and how many of them are here.",
        sql="SELECT day, host, announced, held, gone, refused, failed, waiting, missing FROM coverage_by_day\n"
            "ORDER BY day DESC, host LIMIT 400",
    ),
    Question(
        name="why_requests_failed", title="Why did requests fail, and where?",
        about="Attempts without a usable answer by host and reason.",
        sql="SELECT host, reason, count(*) AS attempts, max(date) AS last, min(url) AS example FROM failures\n"
            "GROUP BY 1, 2 ORDER BY 3 DESC LIMIT 100",
    ),
)  # fmt: skip
