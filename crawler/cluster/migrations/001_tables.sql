-- Jobs, lanes and the shared rows of the frontier. Times are by the clock of this server; only a row's `due` is text, as in index.db.
CREATE TABLE jobs (
    id text PRIMARY KEY,
    site text NOT NULL,
    arguments jsonb NOT NULL,
    created timestamptz NOT NULL,
    schedule text,
    lanes text[] NOT NULL,
    seq bigint GENERATED ALWAYS AS IDENTITY
);
CREATE INDEX jobs_of_schedule ON jobs (schedule, seq);
CREATE INDEX jobs_in_order ON jobs (seq);
COMMENT ON TABLE jobs IS 'Crawls to do: of a site, or of seeds of no known site';
COMMENT ON COLUMN jobs.id IS 'UUID, 32 hexadecimal digits';
COMMENT ON COLUMN jobs.site IS 'name of a site file; web for seeds';
COMMENT ON COLUMN jobs.arguments IS 'spider arguments: scope and limits of the whole job, for every worker alike';
COMMENT ON COLUMN jobs.created IS 'when it was added, by the clock of the program that added it';
COMMENT ON COLUMN jobs.schedule IS 'the schedule that made it, or null';
COMMENT ON COLUMN jobs.lanes IS 'lanes it begins in';
COMMENT ON COLUMN jobs.seq IS 'order in which jobs were added';

CREATE TABLE schedules (
    id text PRIMARY KEY,
    site text NOT NULL,
    arguments jsonb NOT NULL,
    lanes text[] NOT NULL,
    every double precision NOT NULL CHECK (every > 0),
    next_at timestamptz NOT NULL,
    same bytea NOT NULL,
    UNIQUE (site, same)
);
COMMENT ON TABLE schedules IS 'Jobs that are made again and again';
COMMENT ON COLUMN schedules.id IS 'UUID, 32 hexadecimal digits';
COMMENT ON COLUMN schedules.site IS 'as in jobs';
COMMENT ON COLUMN schedules.arguments IS 'as in jobs; of one site and the same arguments there is one schedule';
COMMENT ON COLUMN schedules.lanes IS 'as in jobs';
COMMENT ON COLUMN schedules.every IS 'seconds between two jobs';
COMMENT ON COLUMN schedules.next_at IS 'when the next job is made';
COMMENT ON COLUMN schedules.same IS 'SHA-256 of the arguments, which may be too long for an index';

-- The hot table: an update a renewal, so room for new versions of a row on its page, and vacuum after few of them.
CREATE TABLE lanes (
    lane text PRIMARY KEY,
    owner text,
    last_owner text,
    token bigint NOT NULL DEFAULT 0,
    since bigint NOT NULL DEFAULT 0,
    until timestamptz NOT NULL DEFAULT '-infinity',
    delay double precision NOT NULL DEFAULT 1,
    next_due timestamptz,
    seq bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500, autovacuum_vacuum_cost_delay = 0);
CREATE INDEX lanes_due ON lanes (next_due) WHERE owner IS NULL AND next_due IS NOT NULL;
CREATE INDEX lanes_held ON lanes (owner) WHERE owner IS NOT NULL;
COMMENT ON TABLE lanes IS 'Publishers, and hosts that are nobody''s: each is worked by one worker at a time';
COMMENT ON COLUMN lanes.lane IS 'name of a site file, or a host, with its port unless it is the scheme''s own';
COMMENT ON COLUMN lanes.owner IS 'worker that holds it, or null';
COMMENT ON COLUMN lanes.last_owner IS 'worker that held it last, or null: none, or one that was declared lost';
COMMENT ON COLUMN lanes.token IS 'grows with each claim; what is written under an older one changes nothing';
COMMENT ON COLUMN lanes.since IS 'token of the first of the claims that last_owner has made without another in between';
COMMENT ON COLUMN lanes.until IS 'when the claim runs out, or when the lane was given back';
COMMENT ON COLUMN lanes.delay IS 'seconds between two requests: so long after until the next worker may begin; a second until its first worker has told';
COMMENT ON COLUMN lanes.next_due IS 'when something is due in it, or null for never; kept while nobody holds it';
COMMENT ON COLUMN lanes.seq IS 'number of the last change of its rows by others than its holder';

CREATE TABLE lane_states (
    lane text PRIMARY KEY,
    state jsonb NOT NULL
) WITH (fillfactor = 80);
COMMENT ON TABLE lane_states IS 'State of lanes that must outlive a worker; apart, since it is large and changes seldom';
COMMENT ON COLUMN lane_states.lane IS 'as in lanes';
COMMENT ON COLUMN lane_states.state IS 'delay, waits, mirrors, given_up and robots, as the last worker saved them';

CREATE TABLE entries (
    job text NOT NULL REFERENCES jobs ON DELETE CASCADE,
    lane text NOT NULL,
    state text NOT NULL CHECK (state IN ('waiting', 'running', 'ended')),
    due timestamptz NOT NULL,
    more boolean NOT NULL DEFAULT false,
    PRIMARY KEY (job, lane)
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500);
CREATE INDEX entries_open ON entries (lane) WHERE state <> 'ended';
COMMENT ON TABLE entries IS 'Lanes of jobs; written only with the row of the lane locked';
COMMENT ON COLUMN entries.job IS 'id of the job';
COMMENT ON COLUMN entries.lane IS 'as in lanes';
COMMENT ON COLUMN entries.state IS 'waiting, running or ended';
COMMENT ON COLUMN entries.due IS 'when it is to be worked, or since when';
COMMENT ON COLUMN entries.more IS 'something was added while it ran: it waits again when its part ends';

CREATE TABLE parts (
    id text PRIMARY KEY,
    job text NOT NULL,
    worker text NOT NULL,
    lanes text[] NOT NULL,
    run_id bigint,
    started timestamptz NOT NULL,
    ended timestamptz,
    exit_code integer,
    reason text,
    stats jsonb NOT NULL
);
CREATE INDEX parts_of_job ON parts (job);
COMMENT ON TABLE parts IS 'Shares of jobs that workers did: one run each, in the worker''s index';
COMMENT ON COLUMN parts.id IS 'chosen by the worker';
COMMENT ON COLUMN parts.job IS 'id of the job';
COMMENT ON COLUMN parts.worker IS 'name of the worker';
COMMENT ON COLUMN parts.lanes IS 'lanes of the job that it worked';
COMMENT ON COLUMN parts.run_id IS 'id in table runs of the worker''s index';
COMMENT ON COLUMN parts.started IS 'by the worker''s clock';
COMMENT ON COLUMN parts.ended IS 'by the worker''s clock; null while it runs, or if its worker died';
COMMENT ON COLUMN parts.exit_code IS 'of the run';
COMMENT ON COLUMN parts.reason IS 'why the run ended';
COMMENT ON COLUMN parts.stats IS 'figures of the run report';

CREATE TABLE workers (
    name text PRIMARY KEY,
    seen timestamptz NOT NULL,
    about jsonb NOT NULL,
    lost boolean NOT NULL DEFAULT false
) WITH (fillfactor = 50);
COMMENT ON TABLE workers IS 'Workers, and what they last told of themselves';
COMMENT ON COLUMN workers.name IS 'ARCHIVE_WORKER';
COMMENT ON COLUMN workers.seen IS 'when it last told that it lives';
COMMENT ON COLUMN workers.about IS 'its figures';
COMMENT ON COLUMN workers.lost IS 'declared lost, and not seen since';

CREATE TABLE budgets (
    job text NOT NULL REFERENCES jobs ON DELETE CASCADE,
    name text NOT NULL,
    "left" bigint NOT NULL,
    PRIMARY KEY (job, name)
) WITH (fillfactor = 50);
COMMENT ON TABLE budgets IS 'What is left of limits of jobs; workers take from it in portions';
COMMENT ON COLUMN budgets.job IS 'id of the job';
COMMENT ON COLUMN budgets.name IS 'the spider argument: max_pages';
COMMENT ON COLUMN budgets."left" IS 'not taken yet';

CREATE TABLE frontier (
    key text PRIMARY KEY,
    lane text NOT NULL,
    job text,
    state text NOT NULL CHECK (state IN ('queued', 'done', 'failed', 'refused')),
    due text NOT NULL,
    priority integer NOT NULL,
    seq bigint NOT NULL DEFAULT 0,
    worker text,
    warc text,
    columns jsonb NOT NULL
) WITH (fillfactor = 85, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_cost_delay = 1);
CREATE INDEX frontier_of_lane ON frontier (lane, seq);
CREATE INDEX frontier_queued ON frontier (job, lane) WHERE state = 'queued';
COMMENT ON TABLE frontier IS 'Every address to be asked for and how it ended; the worker that holds its lane has a copy, and its requests in flight are queued here';
COMMENT ON COLUMN frontier.key IS 'as in index.db: what makes an address unique, whatever the host';
COMMENT ON COLUMN frontier.lane IS 'lane whose holder asks for it';
COMMENT ON COLUMN frontier.job IS 'the job that queued it last';
COMMENT ON COLUMN frontier.state IS 'queued, done, failed or refused';
COMMENT ON COLUMN frontier.due IS 'ISO 8601 UTC, not before; of a done row when to ask again, or empty for never';
COMMENT ON COLUMN frontier.priority IS 'the larger goes first';
COMMENT ON COLUMN frontier.seq IS 'lanes.seq when somebody else than the lane''s holder wrote it last; 0 for its holder''s own';
COMMENT ON COLUMN frontier.worker IS 'the worker that settled it, in whose collection its capture lies';
COMMENT ON COLUMN frontier.warc IS 'name of the WARC in which its capture lies';
COMMENT ON COLUMN frontier.columns IS 'the other columns of table frontier of index.db, without nulls';

CREATE TABLE warcs (
    worker text NOT NULL,
    name text NOT NULL,
    safety text NOT NULL CHECK (safety IN ('written', 'stored', 'verified')),
    changed timestamptz NOT NULL,
    PRIMARY KEY (worker, name)
);
COMMENT ON TABLE warcs IS 'Where the captures of workers are safe; of a worker that is lost, rows of other WARCs are asked for again';
COMMENT ON COLUMN warcs.worker IS 'the worker that wrote it';
COMMENT ON COLUMN warcs.name IS 'file name';
COMMENT ON COLUMN warcs.safety IS 'written: on the worker''s disk alone; stored: in the store; verified: read back from there';
COMMENT ON COLUMN warcs.changed IS 'time of the last change of safety';
