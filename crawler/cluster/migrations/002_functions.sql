-- Each is one statement for the client, so that a worker which is stopped in the middle leaves no lock behind. They lock rows of `lanes`
-- first, in order of their names, and look in a second statement: in one, PostgreSQL would wait for an adder's lock and then compute with
-- the snapshot taken before it.

CREATE FUNCTION lock_lanes(which text[]) RETURNS void LANGUAGE plpgsql
AS $$
BEGIN
    PERFORM 1 FROM news_archive.lanes WHERE lane = ANY (which) ORDER BY lane FOR NO KEY UPDATE;
END
$$;
COMMENT ON FUNCTION lock_lanes IS 'Lock rows of lanes until the transaction ends';

CREATE FUNCTION unsettled(columns jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE
AS $$
    SELECT columns - '{record_id,etag,last_modified,validates,validates_host,attempts,tried,answered,reason,detail,every}'::text[]
$$;
COMMENT ON FUNCTION unsettled IS 'Columns of a row that is asked for anew: without validators, which would have it answered with a 304';

CREATE FUNCTION wake(for_job text[], in_lane text[], at timestamptz[]) RETURNS void LANGUAGE plpgsql
AS $$
BEGIN
    INSERT INTO news_archive.lanes (lane) SELECT DISTINCT lane FROM unnest(in_lane) l (lane) ORDER BY 1 ON CONFLICT DO NOTHING;
    PERFORM news_archive.lock_lanes(in_lane);
    INSERT INTO news_archive.entries AS e (job, lane, state, due)
        SELECT d.job, d.lane, 'waiting', min(d.due) FROM unnest(for_job, in_lane, at) d (job, lane, due)
            JOIN news_archive.jobs j ON j.id = d.job GROUP BY d.job, d.lane ORDER BY d.lane, d.job
        ON CONFLICT (job, lane) DO UPDATE SET
            due = CASE e.state WHEN 'ended' THEN excluded.due ELSE least(e.due, excluded.due) END,
            more = e.state = 'running',
            state = CASE e.state WHEN 'ended' THEN 'waiting' ELSE e.state END;
    UPDATE news_archive.lanes l SET seq = l.seq + 1, next_due = least(l.next_due, d.due)
        FROM (
            SELECT u.lane, min(u.due) FILTER (WHERE j.id IS NOT NULL) AS due FROM unnest(for_job, in_lane, at) u (job, lane, due)
                LEFT JOIN news_archive.jobs j ON j.id = u.job GROUP BY u.lane
        ) d WHERE l.lane = d.lane;
END
$$;
COMMENT ON FUNCTION wake IS 'Have lanes of jobs wait, make lanes that are new, and raise their seq';

CREATE FUNCTION let_go(me text, which text[], tokens bigint[], delays double precision[]) RETURNS SETOF text LANGUAGE plpgsql
AS $$
DECLARE
    mine text[];
BEGIN
    SELECT array_agg(lane) INTO mine FROM (
        SELECT l.lane FROM news_archive.lanes l JOIN unnest(which, tokens) t (lane, token) ON t.lane = l.lane AND t.token = l.token
            WHERE l.owner = me ORDER BY l.lane FOR NO KEY UPDATE OF l) locked;
    UPDATE news_archive.entries SET state = 'waiting', due = clock_timestamp(), more = false WHERE lane = ANY (mine) AND state = 'running';
    RETURN QUERY UPDATE news_archive.lanes l SET owner = NULL, until = clock_timestamp(), delay = d.delay,
            next_due = (SELECT min(e.due) FROM news_archive.entries e WHERE e.lane = l.lane AND e.state <> 'ended')
        FROM unnest(which, delays) d (lane, delay) WHERE l.lane = d.lane AND l.lane = ANY (mine) RETURNING l.lane;
END
$$;
COMMENT ON FUNCTION let_go IS 'Give lanes back that are still held, and tell which; what ran in them waits';

CREATE FUNCTION reap() RETURNS bigint LANGUAGE plpgsql
AS $$
DECLARE
    late text[];
    freed bigint;
BEGIN
    SELECT array_agg(lane) INTO late FROM (
        SELECT lane FROM news_archive.lanes WHERE owner IS NOT NULL AND until + make_interval(secs => delay) < clock_timestamp()
            ORDER BY lane FOR NO KEY UPDATE SKIP LOCKED) locked;
    UPDATE news_archive.entries SET state = 'waiting', due = clock_timestamp(), more = false WHERE lane = ANY (late) AND state = 'running';
    UPDATE news_archive.lanes l SET owner = NULL,
            next_due = (SELECT min(e.due) FROM news_archive.entries e WHERE e.lane = l.lane AND e.state <> 'ended')
        WHERE l.lane = ANY (late);
    GET DIAGNOSTICS freed = ROW_COUNT;
    RETURN freed;
END
$$;
COMMENT ON FUNCTION reap IS 'Free the lanes of workers that did not renew them, and count them';

CREATE FUNCTION finish(me text, for_job text, which text[], tokens bigint[], after double precision) RETURNS void LANGUAGE plpgsql
AS $$
DECLARE
    mine text[];
BEGIN
    SELECT array_agg(lane) INTO mine FROM (
        SELECT l.lane FROM news_archive.lanes l JOIN unnest(which, tokens) t (lane, token) ON t.lane = l.lane AND t.token = l.token
            WHERE l.owner = me ORDER BY l.lane FOR NO KEY UPDATE OF l) locked;
    UPDATE news_archive.entries SET
            state = CASE WHEN after IS NULL AND NOT more THEN 'ended' ELSE 'waiting' END,
            due = CASE WHEN more OR after IS NULL THEN clock_timestamp() ELSE clock_timestamp() + make_interval(secs => after) END,
            more = false
        WHERE job = for_job AND lane = ANY (mine) AND state <> 'ended';
END
$$;
COMMENT ON FUNCTION finish IS 'End a part in lanes that are still held: they have ended, or wait for so many seconds';

CREATE FUNCTION push_held(
    me text, held text[], tokens bigint[], at text,
    keys text[], in_lane text[], for_job text[], states text[], dues text[], priorities integer[], in_warc text[], others jsonb[]
) RETURNS TABLE (kept bigint, added bigint) LANGUAGE plpgsql
AS $$
DECLARE
    mine text[];
    late record;
BEGIN
    PERFORM news_archive.lock_lanes(held);
    SELECT coalesce(array_agg(l.lane), '{}') INTO mine FROM news_archive.lanes l
        JOIN unnest(held, tokens) t (lane, token) ON t.lane = l.lane AND t.token BETWEEN l.since AND l.token WHERE l.last_owner = me;
    added := 0;
    IF cardinality(mine) < cardinality(held) THEN
        SELECT array_agg(d.key) AS keys, array_agg(d.lane) AS lanes, array_agg(d.job) AS jobs, array_agg(d.due) AS dues,
                array_agg(coalesce(NULLIF(d.due, '')::timestamptz, clock_timestamp())) AS ats, array_agg(d.priority) AS priorities,
                array_agg(d.columns) AS columns
            INTO late FROM (
                SELECT u.key, u.lane, u.job, u.priority, CASE u.state WHEN 'queued' THEN u.due ELSE push_held.at END AS due,
                        CASE u.state WHEN 'queued' THEN u.columns ELSE news_archive.unsettled(u.columns) END AS columns
                    FROM unnest(keys, in_lane, for_job, states, dues, priorities, others)
                        u (key, lane, job, state, due, priority, columns)
                    WHERE u.lane <> ALL (mine)
            ) d;
        IF late.keys IS NOT NULL THEN
            added := news_archive.push_found(late.keys, late.lanes, late.jobs, late.dues, late.ats, late.priorities, late.columns);
        END IF;
    END IF;
    INSERT INTO news_archive.frontier AS f (key, lane, job, state, due, priority, worker, warc, columns)
        SELECT d.key, d.lane, d.job, d.state, d.due, d.priority, me, d.warc, d.columns
            FROM unnest(keys, in_lane, for_job, states, dues, priorities, in_warc, others)
                d (key, lane, job, state, due, priority, warc, columns)
            WHERE d.lane = ANY (mine)
        ON CONFLICT (key) DO UPDATE SET
            lane = excluded.lane, job = excluded.job, state = excluded.state, due = excluded.due, priority = excluded.priority,
            worker = CASE WHEN f.state = 'done' AND excluded.state = 'done' AND excluded.warc IS NULL THEN f.worker ELSE excluded.worker END,
            warc = CASE WHEN f.state = 'done' AND excluded.state = 'done' THEN coalesce(excluded.warc, f.warc) ELSE excluded.warc END,
            columns = excluded.columns;
    GET DIAGNOSTICS kept = ROW_COUNT;
    RETURN NEXT;
END
$$;
COMMENT ON FUNCTION push_held IS 'Write rows of lanes that nobody else has claimed since; of other lanes, queue what is unknown, however it ended';

CREATE FUNCTION push_found(
    keys text[], in_lane text[], for_job text[], dues text[], at timestamptz[], priorities integer[], others jsonb[]
) RETURNS bigint LANGUAGE plpgsql
AS $$
DECLARE
    fresh bigint[];
    new_lanes text[];
    added bigint;
BEGIN
    SELECT array_agg(d.i) INTO fresh FROM unnest(keys, for_job) WITH ORDINALITY d (key, job, i)
        LEFT JOIN news_archive.frontier f ON f.key = d.key
        WHERE f.key IS NULL OR (f.state <> 'queued' AND f.job IS DISTINCT FROM d.job);
    IF fresh IS NULL THEN
        RETURN 0;
    END IF;
    SELECT array_agg(DISTINCT in_lane[i]) INTO new_lanes FROM unnest(fresh) u (i);
    INSERT INTO news_archive.lanes (lane) SELECT lane FROM unnest(new_lanes) u (lane) ORDER BY 1 ON CONFLICT DO NOTHING;
    PERFORM news_archive.lock_lanes(new_lanes);
    WITH written AS (
        INSERT INTO news_archive.frontier AS f (key, lane, job, state, due, priority, seq, columns)
            SELECT d.key, d.lane, d.job, 'queued', d.due, d.priority, l.seq + 1, d.columns
                FROM unnest(keys, in_lane, for_job, dues, priorities, others)
                    WITH ORDINALITY d (key, lane, job, due, priority, columns, i)
                    JOIN news_archive.lanes l ON l.lane = d.lane
                WHERE d.i = ANY (fresh) ORDER BY d.key
            ON CONFLICT (key) DO UPDATE SET job = excluded.job, state = 'queued', due = excluded.due, priority = excluded.priority,
                    seq = excluded.seq, columns = f.columns - '{attempts,tried,answered,reason,detail}'::text[]
                WHERE f.state <> 'queued' AND f.job IS DISTINCT FROM excluded.job
                    AND (f.state = 'failed' OR f.due <> '' AND f.due <= excluded.due)
        RETURNING f.key
    ), woken AS (
        SELECT d.job, d.lane, min(d.at) AS at FROM unnest(keys, in_lane, for_job, at) d (key, lane, job, at) JOIN written USING (key)
            GROUP BY d.job, d.lane
    )
    SELECT (SELECT count(*) FROM written), array_agg(job), array_agg(lane), array_agg(woken.at) INTO added, for_job, in_lane, at FROM woken;
    IF added > 0 THEN
        PERFORM news_archive.wake(for_job, in_lane, at);
    END IF;
    RETURN added;
END
$$;
COMMENT ON FUNCTION push_found IS 'Queue addresses in lanes of others unless they are known, and count the new ones; settled ones of another job again when due';

CREATE FUNCTION declare_lost(who text, at text) RETURNS bigint LANGUAGE plpgsql
AS $$
DECLARE
    gone text[];
    again text[];
    theirs text[];
    for_job text[];
    in_lane text[];
BEGIN
    UPDATE news_archive.workers SET lost = true WHERE name = who;
    SELECT array_agg(f.key), array_agg(DISTINCT f.lane) INTO gone, again FROM news_archive.frontier f
        WHERE f.worker = who AND f.state = 'done' AND f.warc IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM news_archive.warcs w WHERE w.worker = who AND w.name = f.warc AND w.safety IN ('stored', 'verified'));
    SELECT array_agg(lane) INTO theirs FROM news_archive.lanes WHERE owner = who OR last_owner = who;
    PERFORM news_archive.lock_lanes(coalesce(again, '{}') || coalesce(theirs, '{}'));
    UPDATE news_archive.entries e SET state = 'waiting', due = clock_timestamp(), more = false
        FROM news_archive.lanes l WHERE l.lane = e.lane AND l.owner = who AND e.state = 'running';
    UPDATE news_archive.lanes l SET last_owner = NULL, token = l.token + 1, owner = NULLIF(l.owner, who),
            next_due = (SELECT min(e.due) FROM news_archive.entries e WHERE e.lane = l.lane AND e.state <> 'ended')
        WHERE l.lane = ANY (theirs) AND l.last_owner = who;
    UPDATE news_archive.frontier f SET state = 'queued', due = declare_lost.at, worker = NULL, warc = NULL, seq = l.seq + 1,
            columns = news_archive.unsettled(f.columns)
        FROM news_archive.lanes l WHERE f.key = ANY (gone) AND l.lane = f.lane AND f.worker = who AND f.state = 'done';
    SELECT array_agg(f.job), array_agg(f.lane) INTO for_job, in_lane
        FROM (SELECT DISTINCT job, lane FROM news_archive.frontier WHERE key = ANY (gone) AND job IS NOT NULL) f;
    IF for_job IS NOT NULL THEN
        PERFORM news_archive.wake(for_job, in_lane, array_fill(clock_timestamp(), ARRAY[cardinality(for_job)]));
    END IF;
    RETURN coalesce(cardinality(gone), 0);
END
$$;
COMMENT ON FUNCTION declare_lost IS 'Free the lanes of a worker that is gone with its disk, and queue again what is nowhere else; count these rows';

CREATE FUNCTION start(me text, for_job text, which text[], tokens bigint[]) RETURNS void LANGUAGE plpgsql
AS $$
DECLARE
    mine text[];
BEGIN
    SELECT array_agg(lane) INTO mine FROM (
        SELECT l.lane FROM news_archive.lanes l JOIN unnest(which, tokens) t (lane, token) ON t.lane = l.lane AND t.token = l.token
            WHERE l.owner = me ORDER BY l.lane FOR NO KEY UPDATE OF l) locked;
    UPDATE news_archive.entries SET state = 'running' WHERE job = for_job AND lane = ANY (mine) AND state = 'waiting';
END
$$;
COMMENT ON FUNCTION start IS 'Begin a part in lanes that are still held: they run';

CREATE FUNCTION take_budget(for_job text, limit_name text, most bigint) RETURNS bigint LANGUAGE plpgsql
AS $$
DECLARE
    whole bigint;
    rest bigint;
BEGIN
    SELECT arguments ->> limit_name INTO whole FROM news_archive.jobs WHERE id = for_job;
    IF whole IS NULL THEN
        RETURN most;
    END IF;
    INSERT INTO news_archive.budgets VALUES (for_job, limit_name, whole) ON CONFLICT DO NOTHING;
    SELECT "left" INTO rest FROM news_archive.budgets WHERE job = for_job AND name = limit_name FOR UPDATE;
    rest := greatest(0, least(most, rest));
    UPDATE news_archive.budgets SET "left" = "left" - rest WHERE job = for_job AND name = limit_name;
    RETURN rest;
END
$$;
COMMENT ON FUNCTION take_budget IS 'Take from what is left of a limit of a job, all that is asked for where it has none';

CREATE FUNCTION enqueue(
    new_id text, of_site text, with_arguments jsonb, at timestamptz, of_schedule text, in_lanes text[], keep bigint
) RETURNS boolean LANGUAGE plpgsql
AS $$
DECLARE
    old text[];
BEGIN
    INSERT INTO news_archive.jobs (id, site, arguments, created, schedule, lanes)
        VALUES (new_id, of_site, with_arguments, at, of_schedule, in_lanes) ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM news_archive.wake(
        array_fill(new_id, ARRAY[cardinality(in_lanes)]), in_lanes, array_fill(clock_timestamp(), ARRAY[cardinality(in_lanes)]));
    SELECT array_agg(j.id) INTO old FROM news_archive.jobs j WHERE j.schedule IS NOT DISTINCT FROM of_schedule
        AND j.seq <= (SELECT seq FROM news_archive.jobs WHERE schedule IS NOT DISTINCT FROM of_schedule ORDER BY seq DESC LIMIT 1 OFFSET keep)
        AND NOT EXISTS (SELECT 1 FROM news_archive.entries e WHERE e.job = j.id AND e.state <> 'ended');
    DELETE FROM news_archive.parts WHERE job = ANY (old);
    DELETE FROM news_archive.jobs WHERE id = ANY (old);
    RETURN true;
END
$$;
COMMENT ON FUNCTION enqueue IS 'Add a job unless its id is known, wake its lanes, and forget ended jobs but for the newest of its schedule';
