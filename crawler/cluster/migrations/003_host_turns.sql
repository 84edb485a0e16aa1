-- Hosts that belong to no lane of the worker that asks them: a picture server that two publishers use, where a redirect led.
CREATE TABLE host_turns (
    host text PRIMARY KEY,
    following timestamptz NOT NULL
) WITH (fillfactor = 50);
COMMENT ON TABLE host_turns IS 'Hosts that lanes of several workers may ask: when each may be asked next';
COMMENT ON COLUMN host_turns.host IS 'name, without a port';
COMMENT ON COLUMN host_turns.following IS 'from when it may be asked again';

CREATE FUNCTION take_turn(at_host text, seconds double precision) RETURNS double precision LANGUAGE sql
AS $$
    INSERT INTO news_archive.host_turns AS h VALUES (at_host, clock_timestamp() + make_interval(secs => seconds))
        ON CONFLICT (host) DO UPDATE SET following = greatest(h.following, clock_timestamp()) + make_interval(secs => seconds)
        RETURNING greatest(0, extract(epoch FROM following - clock_timestamp()) - seconds)
$$;
COMMENT ON FUNCTION take_turn IS 'Take a turn at a host, and tell the seconds until it comes';
