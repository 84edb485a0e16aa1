"""View of what each mirror was seen to do, month by month."""

from __future__ import annotations

LISTS = "'feed', 'seed', 'section'"
_PATH = "substr({0}.url, instr(substr({0}.url, 9), '/') + 8)"
_HOUR = "strftime('%Y-%m-%dT%H:%M:%S', a.date, '{}1 hour')"
_BLAMED = "sum(c.host = h.host AND c.result = '{}')"
_FIELD = "sum(c.host = h.host AND c.result = 'different' AND EXISTS (SELECT 1 FROM json_each(c.fields) f WHERE f.value {}))"

MIRROR_TIMELINE = f"""
CREATE VIEW mirror_timeline AS -- What each mirror was seen to do beside the others of its site: a row a host and month.
WITH looks AS (
  SELECT h.site AS site, h.host AS host, substr(c.date, 1, 7) AS month, count(DISTINCT c.story_id) AS compared,
    sum(c.result = 'equal') AS equal, {_BLAMED.format("stale")} AS lagging, {_BLAMED.format("different")} AS different,
    {_BLAMED.format("missing")} AS missing, {_FIELD.format("= 'headline'")} AS headlines,
    {_FIELD.format("IN ('body', 'deck', 'embeds')")} AS texts,
    {_FIELD.format("= 'captions'")} AS captions, {_FIELD.format("= 'credits'")} AS credits, {_FIELD.format("= 'pictures'")} AS pictures
  FROM (SELECT DISTINCT site, host FROM comparisons UNION SELECT DISTINCT site, other_host FROM comparisons) h
  JOIN comparisons c ON c.site = h.site AND h.host IN (c.host, c.other_host) AND c.result != 'unsettled' GROUP BY 1, 2, 3),
lists AS (
  SELECT c.site AS site, c.host AS host, substr(c.date, 1, 7) AS month, c.date AS date, l.stories AS stories,
    c.language AS language,
    {_PATH.format("c")} AS path,
    c.status IN (404, 410)
      OR EXISTS (SELECT 1 FROM failures f WHERE f.capture_id = c.id AND f.reason IN ('soft-404', 'redirect')) AS denied,
    c.status = 304 OR l.stories IS NOT NULL AS given
  FROM captures c LEFT JOIN listed l ON l.capture_id = c.id WHERE c.role IN ({LISTS}) AND c.via IS NULL),
last AS (SELECT site, host, month, path, language, max(date) AS date, stories, denied, given FROM lists WHERE denied OR given
  GROUP BY 1, 2, 3, 4),
shown AS (
  SELECT a.site AS site, a.host AS host, a.month AS month, sum(a.given) AS lists,
    sum(a.denied AND EXISTS (SELECT 1 FROM last o WHERE o.site = a.site AND o.path = a.path AND o.language IS a.language AND o.given
      AND (o.host = a.host AND o.month < a.month OR o.host != a.host AND o.month = a.month))) AS dropped,
    sum(coalesce(a.stories, 1000000) * 2 < (SELECT max(l.stories) FROM captures o JOIN listed l ON l.capture_id = o.id
      WHERE o.role IN ({LISTS}) AND o.site = a.site AND o.date BETWEEN {_HOUR.format("-")} AND {_HOUR.format("+")}
      AND o.host != a.host AND o.language IS a.language AND {_PATH.format("o")} = a.path AND l.stories > 3)) AS shorter
  FROM last a GROUP BY 1, 2, 3),
months AS (SELECT site, host, month FROM looks UNION SELECT site, host, month FROM shown)
SELECT
    m.site AS site, -- The site.
    m.host AS host, -- The mirror.
    m.month AS month, -- `2026-11`.
    coalesce(k.compared, 0) AS compared, -- Stories that were looked at on it and on another mirror.
    coalesce(k.equal, 0) AS equal, -- Looks at which both said the same.
    coalesce(k.lagging, 0) AS lagging, -- Looks at which it showed an older text.
    coalesce(k.different, 0) AS different, -- Looks at which it showed a text of its own.
    coalesce(k.headlines, 0) AS headlines, -- Of these, with another headline.
    coalesce(k.texts, 0) AS texts, -- Of these, with another summary, body or embed.
    coalesce(k.captions, 0) AS captions, -- Of these, with other captions.
    coalesce(k.credits, 0) AS credits, -- Of these, with other credits.
    coalesce(k.pictures, 0) AS pictures, -- Of these, with other pictures.
    coalesce(k.missing, 0) AS missing, -- Looks at which it lacked a story that another mirror had.
    coalesce(s.lists, 0) AS lists, -- Feeds, front pages and section fronts that it served at the end of the month.
    coalesce(s.dropped, 0) AS dropped, -- Those that it did not have, and another mirror had, or it itself had before.
    coalesce(s.shorter, 0) AS shorter, -- Those with less than half the stories of another mirror's within the hour.
    trim(iif(k.lagging, 'lags, ', '') || iif(coalesce(s.dropped, 0) + coalesce(s.shorter, 0), 'drops sections, ', '')
      || iif(k.credits, 'changes credits, ', '') || iif(k.captions, 'changes captions, ', '')
      || iif(k.headlines, 'changes headlines, ', '') || iif(k.texts, 'changes texts, ', '')
      || iif(k.missing, 'removes stories', ''), ', ') AS says -- All of it in words: `lags, changes credits`; empty for nothing.
FROM months m LEFT JOIN looks k ON (k.site, k.host, k.month) = (m.site, m.host, m.month)
LEFT JOIN shown s ON (s.site, s.host, s.month) = (m.site, m.host, m.month)"""
