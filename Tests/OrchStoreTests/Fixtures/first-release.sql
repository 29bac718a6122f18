--
-- PostgreSQL database dump
--


-- Dumped from database version 15.18 (Debian 15.18-0+deb12u1)
-- Dumped by pg_dump version 15.18 (Debian 15.18-0+deb12u1)

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

--
-- Name: orch; Type: SCHEMA; Schema: -; Owner: -
--

CREATE SCHEMA orch;


--
-- Name: refuse_change(); Type: FUNCTION; Schema: orch; Owner: -
--

CREATE FUNCTION orch.refuse_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'the log is append-only' USING ERRCODE = '42501'; END $$;


SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: agent; Type: TABLE; Schema: orch; Owner: -
--

CREATE TABLE orch.agent (
    name text NOT NULL COLLATE pg_catalog."C",
    display text,
    role text
);


--
-- Name: class; Type: TABLE; Schema: orch; Owner: -
--

CREATE TABLE orch.class (
    label text NOT NULL COLLATE pg_catalog."C",
    kind text NOT NULL COLLATE pg_catalog."C",
    project text COLLATE pg_catalog."C",
    assignee text COLLATE pg_catalog."C",
    reviewers text[] NOT NULL
);


--
-- Name: dependency; Type: TABLE; Schema: orch; Owner: -
--

CREATE TABLE orch.dependency (
    after_task text NOT NULL COLLATE pg_catalog."C",
    task bigint NOT NULL
);


--
-- Name: event; Type: TABLE; Schema: orch; Owner: -
--

CREATE TABLE orch.event (
    pos bigint NOT NULL,
    session bigint NOT NULL,
    seq bigint NOT NULL,
    id bytea NOT NULL,
    task bigint,
    type text NOT NULL COLLATE pg_catalog."C",
    body text NOT NULL
);


--
-- Name: event_block; Type: TABLE; Schema: orch; Owner: -
--

CREATE TABLE orch.event_block (
    facet bigint NOT NULL,
    value text NOT NULL COLLATE pg_catalog."C",
    block bigint NOT NULL
);


--
-- Name: grant_token; Type: TABLE; Schema: orch; Owner: -
--

CREATE TABLE orch.grant_token (
    token_hash bytea NOT NULL,
    session bigint NOT NULL,
    task bigint NOT NULL,
    fence bigint NOT NULL
);


--
-- Name: lease; Type: TABLE; Schema: orch; Owner: -
--

CREATE TABLE orch.lease (
    session bigint NOT NULL,
    expires_at bigint NOT NULL
);


--
-- Name: meta; Type: TABLE; Schema: orch; Owner: -
--

CREATE TABLE orch.meta (
    key text NOT NULL,
    value text NOT NULL
);


--
-- Name: ready; Type: TABLE; Schema: orch; Owner: -
--

CREATE TABLE orch.ready (
    session bigint NOT NULL,
    class text NOT NULL COLLATE pg_catalog."C",
    lane bigint NOT NULL,
    priority bigint NOT NULL,
    ready_at bigint NOT NULL,
    ordinal bigint NOT NULL
);


--
-- Name: session; Type: TABLE; Schema: orch; Owner: -
--

CREATE TABLE orch.session (
    number bigint NOT NULL,
    id text NOT NULL COLLATE pg_catalog."C",
    log text NOT NULL COLLATE pg_catalog."C",
    seq bigint NOT NULL,
    head bytea,
    at bigint NOT NULL,
    last_event bigint,
    fence bigint NOT NULL,
    lease_task text COLLATE pg_catalog."C",
    lease_attempt bigint,
    lease_agent text,
    lease_instance text,
    lease_host text,
    lease_fence bigint,
    lease_token bytea,
    lease_acquired_at bigint,
    lease_heartbeat_at bigint,
    lease_expires_at bigint,
    lease_ttl bigint,
    lease_noticed_seq bigint,
    offer_task text COLLATE pg_catalog."C",
    offer_to text COLLATE pg_catalog."C",
    offer_expires_at bigint,
    recovered text COLLATE pg_catalog."C",
    checkpoint_seq bigint,
    note_seq bigint,
    queued bigint NOT NULL,
    running bigint NOT NULL,
    review bigint NOT NULL,
    offered bigint NOT NULL,
    done bigint NOT NULL,
    dead bigint NOT NULL,
    cancelled bigint NOT NULL,
    revision bigint DEFAULT 0 NOT NULL
)
WITH (fillfactor='60');


--
-- Name: task; Type: TABLE; Schema: orch; Owner: -
--

CREATE TABLE orch.task (
    ordinal bigint NOT NULL,
    id text NOT NULL COLLATE pg_catalog."C",
    session bigint NOT NULL,
    state text NOT NULL COLLATE pg_catalog."C",
    class text NOT NULL COLLATE pg_catalog."C",
    lane bigint NOT NULL,
    priority bigint NOT NULL,
    ready_at bigint NOT NULL,
    not_before bigint,
    open_blockers bigint NOT NULL,
    open_key text COLLATE pg_catalog."C",
    attempt bigint NOT NULL,
    failures bigint NOT NULL,
    updated_at bigint NOT NULL,
    last_author text,
    holders text,
    approvals text,
    passed_checks text,
    has_error boolean NOT NULL,
    error_code text,
    error_message text,
    offer_from text,
    offer_to text,
    offer_why text,
    offer_next text,
    offer_expires_at bigint,
    kind text NOT NULL COLLATE pg_catalog."C",
    project text COLLATE pg_catalog."C",
    assignee text COLLATE pg_catalog."C",
    reviewers text,
    title text NOT NULL,
    key text COLLATE pg_catalog."C",
    max_attempts bigint NOT NULL,
    ttl bigint,
    created_at bigint NOT NULL,
    created_by text,
    source text,
    after_tasks text,
    require_review boolean NOT NULL,
    required_checks text,
    body text,
    payload text,
    result text,
    origin text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C"
)
WITH (fillfactor='80');


--
-- Data for Name: agent; Type: TABLE DATA; Schema: orch; Owner: -
--

INSERT INTO orch.agent VALUES
	('ann', 'Ann', 'author');


--
-- Data for Name: class; Type: TABLE DATA; Schema: orch; Owner: -
--

INSERT INTO orch.class VALUES
	('["task","demo",null,["rev"]]', 'task', 'demo', NULL, '{rev}'),
	('["data","demo",null,[]]', 'data', 'demo', NULL, '{}'),
	('["task","demo",null,[]]', 'task', 'demo', NULL, '{}'),
	('["task","demo","ann",["rev"]]', 'task', 'demo', 'ann', '{rev}'),
	('["task","demo","ben",[]]', 'task', 'demo', 'ben', '{}');


--
-- Data for Name: dependency; Type: TABLE DATA; Schema: orch; Owner: -
--

INSERT INTO orch.dependency VALUES
	('t-schema', 829423617);


--
-- Data for Name: event; Type: TABLE DATA; Schema: orch; Owner: -
--

INSERT INTO orch.event VALUES
	(827326465, 827326465, 1, '\xa95f7e46077399e96611f572940404c798a62a06db5ab8b562d56a88da96dbd3', 827326465, 'task.added', '{"actor":"jq","at":"2026-11-28T09:43:43.552Z","author":"jq","commit":{"branch":"main","dirty":false,"oid":"e199c06414adedeab485b18f90bb2ee8c21cf6df","repository":"local:e199c06414adedeab485b18f90bb2ee8c21cf6df","tree":"284b8abe88659f4b4bba70fce4431a2bfb2afbeb"},"data":{"body":"Two tables.","key":"daily","kind":"task","maxAttempts":4,"priority":2,"project":"demo","readyAt":"2026-11-28T09:43:43.552Z","reviewers":["rev"],"title":"Write the schema"},"fence":null,"log":"AGVDV5VH66JFHYK22DT4Z9BX33","parent":null,"reviewer":"rev","schema":1,"seq":1,"session":"kpi","source":"cli:box","task":"t-schema","type":"task.added"}'),
	(829423617, 827326465, 2, '\xfc315f77e8c997f6a76673daa43d1212c0a49b51fbbfcb1aab3b5c8b3aeec934', 829423617, 'task.added', '{"actor":"jq","at":"2026-11-28T09:43:43.599Z","author":"jq","commit":{"branch":"main","dirty":false,"oid":"e199c06414adedeab485b18f90bb2ee8c21cf6df","repository":"local:e199c06414adedeab485b18f90bb2ee8c21cf6df","tree":"284b8abe88659f4b4bba70fce4431a2bfb2afbeb"},"data":{"after":["t-schema"],"kind":"data","maxAttempts":4,"priority":5,"project":"demo","readyAt":"2026-11-28T09:43:43.599Z","requiredChecks":["test"],"title":"Fill the tables"},"fence":null,"log":"AGVDV5VH66JFHYK22DT4Z9BX33","parent":"a95f7e46077399e96611f572940404c798a62a06db5ab8b562d56a88da96dbd3","reviewer":null,"schema":1,"seq":2,"session":"kpi","source":"cli:box","task":"t-fill","type":"task.added"}'),
	(831520769, 831520769, 1, '\x372fe2e227a28e29190fc5891e3cd7b2237ab09ec427e17044200b4a8eb54798', 831520769, 'task.added', '{"actor":"jq","at":"2026-11-28T09:43:43.644Z","author":"jq","commit":{"branch":"main","dirty":false,"oid":"e199c06414adedeab485b18f90bb2ee8c21cf6df","repository":"local:e199c06414adedeab485b18f90bb2ee8c21cf6df","tree":"284b8abe88659f4b4bba70fce4431a2bfb2afbeb"},"data":{"kind":"task","maxAttempts":1,"priority":5,"project":"demo","readyAt":"2026-11-28T09:43:43.644Z","title":"Draw a chart"},"fence":null,"log":"AGVDV5VH66JFHYK22DT4Z9BX33","parent":null,"reviewer":null,"schema":1,"seq":1,"session":"t-chart","source":"cli:box","task":"t-chart","type":"task.added"}'),
	(833617921, 833617921, 1, '\xe1c941b8f93e9bde419193d56e9a1b118931d638e3716547fe9c3ea368fb3efa', 833617921, 'task.added', '{"actor":"jq","at":"2026-11-28T09:43:43.697Z","author":"jq","commit":{"branch":"main","dirty":false,"oid":"e199c06414adedeab485b18f90bb2ee8c21cf6df","repository":"local:e199c06414adedeab485b18f90bb2ee8c21cf6df","tree":"284b8abe88659f4b4bba70fce4431a2bfb2afbeb"},"data":{"kind":"task","maxAttempts":4,"priority":5,"project":"demo","readyAt":"2026-11-28T09:43:43.697Z","title":"Not needed"},"fence":null,"log":"AGVDV5VH66JFHYK22DT4Z9BX33","parent":null,"reviewer":null,"schema":1,"seq":1,"session":"t-not","source":"cli:box","task":"t-not","type":"task.added"}'),
	(835715073, 835715073, 1, '\x01bcdfba7e369754ab25b4dfaa3d001a31d6a7a7e267ebe51d933ae47b6f1c9e', 835715073, 'task.added', '{"actor":"jq","at":"2026-11-28T09:43:43.743Z","author":"jq","commit":{"branch":"main","dirty":false,"oid":"e199c06414adedeab485b18f90bb2ee8c21cf6df","repository":"local:e199c06414adedeab485b18f90bb2ee8c21cf6df","tree":"284b8abe88659f4b4bba70fce4431a2bfb2afbeb"},"data":{"kind":"task","maxAttempts":4,"notBefore":"2999-01-01T00:00:00.000Z","priority":5,"project":"demo","readyAt":"2999-01-01T00:00:00.000Z","title":"Later"},"fence":null,"log":"AGVDV5VH66JFHYK22DT4Z9BX33","parent":null,"reviewer":null,"schema":1,"seq":1,"session":"t-later","source":"cli:box","task":"t-later","type":"task.added"}'),
	(837812225, 827326465, 3, '\x3f0c67bf939dc14a2ad67ef25f1d945464a2b93f4166b38cf8f10f1530e012e9', 829423617, 'task.edited', '{"actor":"jq","at":"2026-11-28T09:43:43.801Z","author":"jq","commit":{"branch":"main","dirty":false,"oid":"e199c06414adedeab485b18f90bb2ee8c21cf6df","repository":"local:e199c06414adedeab485b18f90bb2ee8c21cf6df","tree":"284b8abe88659f4b4bba70fce4431a2bfb2afbeb"},"data":{"priority":3,"project":"demo","title":"Fill both tables"},"fence":null,"log":"AGVDV5VH66JFHYK22DT4Z9BX33","parent":"fc315f77e8c997f6a76673daa43d1212c0a49b51fbbfcb1aab3b5c8b3aeec934","reviewer":null,"schema":1,"seq":3,"session":"kpi","source":"cli:box","task":"t-fill","type":"task.edited"}'),
	(839909377, 827326465, 4, '\xb8c84b3b2cd1be5a56468e8ac2b73643d8309b89148c9ad7d33d4031e7fc8666', 827326465, 'note.added', '{"actor":"jq","at":"2026-11-28T09:43:43.854Z","author":"jq","commit":{"branch":"main","dirty":false,"oid":"e199c06414adedeab485b18f90bb2ee8c21cf6df","repository":"local:e199c06414adedeab485b18f90bb2ee8c21cf6df","tree":"284b8abe88659f4b4bba70fce4431a2bfb2afbeb"},"data":{"text":"Use integers"},"fence":null,"log":"AGVDV5VH66JFHYK22DT4Z9BX33","parent":"3f0c67bf939dc14a2ad67ef25f1d945464a2b93f4166b38cf8f10f1530e012e9","reviewer":"rev","schema":1,"seq":4,"session":"kpi","source":"cli:box","task":"t-schema","type":"note.added"}'),
	(842006529, 827326465, 5, '\x0b79a0e1f415c61dd5c21878fd3183cbfb15ac0a0d8228080d12fd242ffdaf3e', 827326465, 'task.claimed', '{"actor":"ann","at":"2026-11-28T09:43:43.896Z","author":"ann","commit":{"branch":"main","dirty":false,"oid":"e199c06414adedeab485b18f90bb2ee8c21cf6df","repository":"local:e199c06414adedeab485b18f90bb2ee8c21cf6df","tree":"284b8abe88659f4b4bba70fce4431a2bfb2afbeb"},"data":{"acquiredAt":"2026-11-28T09:43:43.896Z","attempt":1,"expiresAt":"2026-11-28T10:13:43.896Z","host":"box","instance":"/tmp/orch-first-pg/work","tokenHash":"9ccfd5bdc7a601b8469eaea2e0528f453a90fa86b10502aa2c309e1c43ba4317","ttlSeconds":1800},"fence":1,"log":"AGVDV5VH66JFHYK22DT4Z9BX33","parent":"b8c84b3b2cd1be5a56468e8ac2b73643d8309b89148c9ad7d33d4031e7fc8666","reviewer":"rev","schema":1,"seq":5,"session":"kpi","source":"cli:box","task":"t-schema","type":"task.claimed"}'),
	(844103681, 827326465, 6, '\x0686f757552c2ab902e5d22e6a15ff7eb77b390a5d45b644b3e3b9383709e847', 827326465, 'checkpoint.saved', '{"actor":"ann","at":"2026-11-28T09:43:43.962Z","author":"ann","commit":{"branch":"main","dirty":false,"oid":"e199c06414adedeab485b18f90bb2ee8c21cf6df","repository":"local:e199c06414adedeab485b18f90bb2ee8c21cf6df","tree":"284b8abe88659f4b4bba70fce4431a2bfb2afbeb"},"data":{"lastAction":"schema drafted","nextAction":"write tests","note":"two tables","phase":"draft"},"fence":1,"log":"AGVDV5VH66JFHYK22DT4Z9BX33","parent":"0b79a0e1f415c61dd5c21878fd3183cbfb15ac0a0d8228080d12fd242ffdaf3e","reviewer":"rev","schema":1,"seq":6,"session":"kpi","source":"cli:box","task":"t-schema","type":"checkpoint.saved"}'),
	(845152257, 827326465, 7, '\x9a934c9110cb19fa47acd7b97fcd01ff17f6f1d4d52ff2b225179255841dea4d', 827326465, 'lease.resumed', '{"actor":"ann","at":"2026-11-28T09:43:43.993Z","author":"ann","commit":{"branch":"main","dirty":false,"oid":"e199c06414adedeab485b18f90bb2ee8c21cf6df","repository":"local:e199c06414adedeab485b18f90bb2ee8c21cf6df","tree":"284b8abe88659f4b4bba70fce4431a2bfb2afbeb"},"data":{"acquiredAt":"2026-11-28T09:43:43.993Z","attempt":1,"expiresAt":"2026-11-28T10:13:43.993Z","host":"box","instance":"/tmp/orch-first-pg/work","tokenHash":"b6bbb5110c3beb162a2e5343544828b151f59c28b01c12bae861d3b8c78eabb5","ttlSeconds":1800},"fence":2,"log":"AGVDV5VH66JFHYK22DT4Z9BX33","parent":"0686f757552c2ab902e5d22e6a15ff7eb77b390a5d45b644b3e3b9383709e847","reviewer":"rev","schema":1,"seq":7,"session":"kpi","source":"cli:box","task":"t-schema","type":"lease.resumed"}'),
	(886046721, 886046721, 1, '\x9f4b9b38b09325394187b323339d5db3920951785fb0c50cc7637c0d3a722c46', NULL, 'decision.made', '{"actor":"jq","at":"2026-11-28T09:43:47.254Z","author":"jq","commit":{"branch":"main","dirty":false,"oid":"45197088e6bb5c1887c2b5e56fb042fbd7a56877","repository":"local:e199c06414adedeab485b18f90bb2ee8c21cf6df","tree":"f5262078b8d4fb7f29196c771b66fdfd899bc349"},"data":{"because":"there is no server","host":"box","instance":"/tmp/orch-first-pg/work","key":"storage","value":"sqlite"},"fence":null,"log":"AGVDV5VH66JFHYK22DT4Z9BX33","parent":null,"reviewer":null,"schema":1,"seq":1,"session":"project:demo","source":"cli:box","task":null,"type":"decision.made"}'),
	(846200833, 827326465, 8, '\x247fbbe9bbe99582ffffd5a09fb899a60a0340cc21ab8e5bc7eeb94b50ef5abe', 827326465, 'commit.linked', '{"actor":"ann","at":"2026-11-28T09:43:44.025Z","author":"ann","commit":{"branch":"main","dirty":false,"oid":"e199c06414adedeab485b18f90bb2ee8c21cf6df","repository":"local:e199c06414adedeab485b18f90bb2ee8c21cf6df","tree":"284b8abe88659f4b4bba70fce4431a2bfb2afbeb"},"data":{"authoredBy":"Ann <ann@example.org>","date":"2026-11-28T09:43:43.000Z","oid":"e199c06414adedeab485b18f90bb2ee8c21cf6df","reason":"by hand","repository":"local:e199c06414adedeab485b18f90bb2ee8c21cf6df","state":"linked","subject":"feat: first"},"fence":null,"log":"AGVDV5VH66JFHYK22DT4Z9BX33","parent":"9a934c9110cb19fa47acd7b97fcd01ff17f6f1d4d52ff2b225179255841dea4d","reviewer":"rev","schema":1,"seq":8,"session":"kpi","source":"cli:box","task":"t-schema","type":"commit.linked"}'),
	(847249409, 827326465, 9, '\x0bd95692557ac2b1c7d975edaf1ac0965c19273accac006a98c39ca37c556213', 827326465, 'handoff.offered', '{"actor":"ann","at":"2026-11-28T09:43:44.062Z","author":"ann","commit":{"branch":"main","dirty":false,"oid":"e199c06414adedeab485b18f90bb2ee8c21cf6df","repository":"local:e199c06414adedeab485b18f90bb2ee8c21cf6df","tree":"284b8abe88659f4b4bba70fce4431a2bfb2afbeb"},"data":{"attempt":1,"expiresAt":"2026-11-29T09:43:44.062Z","from":"ann","host":"box","instance":"/tmp/orch-first-pg/work","next":"write tests","to":"ben","why":"night"},"fence":2,"log":"AGVDV5VH66JFHYK22DT4Z9BX33","parent":"247fbbe9bbe99582ffffd5a09fb899a60a0340cc21ab8e5bc7eeb94b50ef5abe","reviewer":"rev","schema":1,"seq":9,"session":"kpi","source":"cli:box","task":"t-schema","type":"handoff.offered"}'),
	(848297986, 827326465, 11, '\xa86de5033a0c7caa90602fb9a14b40edc42ae98ff00ba2e3b0c7c31923adbbe4', 827326465, 'task.claimed', '{"actor":"ben","at":"2026-11-28T09:43:44.098Z","author":"ben","commit":{"branch":"main","dirty":false,"oid":"e199c06414adedeab485b18f90bb2ee8c21cf6df","repository":"local:e199c06414adedeab485b18f90bb2ee8c21cf6df","tree":"284b8abe88659f4b4bba70fce4431a2bfb2afbeb"},"data":{"acquiredAt":"2026-11-28T09:43:44.098Z","attempt":2,"expiresAt":"2026-11-28T10:13:44.098Z","host":"box","instance":"/tmp/orch-first-pg/work","tokenHash":"e3ecd5a5118f6542214ccc4a2388f3eaa2e713c40e3212be3b5244aa5a06181c","ttlSeconds":1800},"fence":3,"log":"AGVDV5VH66JFHYK22DT4Z9BX33","parent":"dda37512d899527349f1a33c2ab5e75b82453543991f767a738ed07864dd82ac","reviewer":"rev","schema":1,"seq":11,"session":"kpi","source":"cli:box","task":"t-schema","type":"task.claimed"}'),
	(848297985, 827326465, 10, '\xdda37512d899527349f1a33c2ab5e75b82453543991f767a738ed07864dd82ac', 827326465, 'handoff.accepted', '{"actor":"ben","at":"2026-11-28T09:43:44.098Z","author":"ann","commit":{"branch":"main","dirty":false,"oid":"e199c06414adedeab485b18f90bb2ee8c21cf6df","repository":"local:e199c06414adedeab485b18f90bb2ee8c21cf6df","tree":"284b8abe88659f4b4bba70fce4431a2bfb2afbeb"},"data":{"from":"ann","host":"box","instance":"/tmp/orch-first-pg/work","restate":"tests are missing"},"fence":null,"log":"AGVDV5VH66JFHYK22DT4Z9BX33","parent":"0bd95692557ac2b1c7d975edaf1ac0965c19273accac006a98c39ca37c556213","reviewer":"rev","schema":1,"seq":10,"session":"kpi","source":"cli:box","task":"t-schema","type":"handoff.accepted"}'),
	(849346561, 827326465, 12, '\x560bcf1375c39afc206f0c0904ecc97250a5221950207ad68aa65aed2464cdae', 827326465, 'task.requeued', '{"actor":"ben","at":"2026-11-28T09:43:44.136Z","author":"ben","commit":{"branch":"main","dirty":false,"oid":"e199c06414adedeab485b18f90bb2ee8c21cf6df","repository":"local:e199c06414adedeab485b18f90bb2ee8c21cf6df","tree":"284b8abe88659f4b4bba70fce4431a2bfb2afbeb"},"data":{"attempt":2,"message":"need input"},"fence":3,"log":"AGVDV5VH66JFHYK22DT4Z9BX33","parent":"a86de5033a0c7caa90602fb9a14b40edc42ae98ff00ba2e3b0c7c31923adbbe4","reviewer":"rev","schema":1,"seq":12,"session":"kpi","source":"cli:box","task":"t-schema","type":"task.requeued"}'),
	(851443713, 827326465, 13, '\x691878a7c2545e5922da4d92807f7ae747fa24ea6486f493564a3e489df604da', 827326465, 'task.claimed', '{"actor":"ann","at":"2026-11-28T09:43:44.173Z","author":"ann","commit":{"branch":"main","dirty":false,"oid":"e199c06414adedeab485b18f90bb2ee8c21cf6df","repository":"local:e199c06414adedeab485b18f90bb2ee8c21cf6df","tree":"284b8abe88659f4b4bba70fce4431a2bfb2afbeb"},"data":{"acquiredAt":"2026-11-28T09:43:44.173Z","attempt":3,"expiresAt":"2026-11-28T10:13:44.173Z","host":"box","instance":"/tmp/orch-first-pg/work","tokenHash":"03c35530e18369544069e3e84b58019efbd9a1b71c8ea366caf9b593531026aa","ttlSeconds":1800},"fence":4,"log":"AGVDV5VH66JFHYK22DT4Z9BX33","parent":"560bcf1375c39afc206f0c0904ecc97250a5221950207ad68aa65aed2464cdae","reviewer":"rev","schema":1,"seq":13,"session":"kpi","source":"cli:box","task":"t-schema","type":"task.claimed"}'),
	(852492289, 827326465, 14, '\xfc6417905e22524572861bf03803ded2ee33dbe118593984e2d9a6f541ea645b', 827326465, 'commit.linked', '{"actor":"ann","at":"2026-11-28T09:43:44.210Z","author":"ann","commit":{"branch":"main","dirty":false,"oid":"536b75ee0a233c8626c405e317ed55bd14c1507c","repository":"local:e199c06414adedeab485b18f90bb2ee8c21cf6df","tree":"0c5a24a9ce1681aff038895010e6c591280d0370"},"data":{"authoredBy":"Ann <ann@example.org>","date":"2026-11-28T09:43:44.000Z","oid":"536b75ee0a233c8626c405e317ed55bd14c1507c","reason":"by hand","repository":"local:e199c06414adedeab485b18f90bb2ee8c21cf6df","state":"linked","subject":"feat: second"},"fence":null,"log":"AGVDV5VH66JFHYK22DT4Z9BX33","parent":"691878a7c2545e5922da4d92807f7ae747fa24ea6486f493564a3e489df604da","reviewer":"rev","schema":1,"seq":14,"session":"kpi","source":"cli:box","task":"t-schema","type":"commit.linked"}'),
	(853540865, 827326465, 15, '\x022a7b6fe02ec8ba789fc4a1124ef04579bcb6fcbb814b553516b026b845f311', 827326465, 'commit.rewritten', '{"actor":"ann","at":"2026-11-28T09:43:44.263Z","author":"ann","commit":{"branch":"main","dirty":false,"oid":"cdf03e10d64dfb69d2454db5f897bdde6408bbdf","repository":"local:e199c06414adedeab485b18f90bb2ee8c21cf6df","tree":"0c5a24a9ce1681aff038895010e6c591280d0370"},"data":{"new":"cdf03e10d64dfb69d2454db5f897bdde6408bbdf","old":"536b75ee0a233c8626c405e317ed55bd14c1507c","reason":"same-change"},"fence":null,"log":"AGVDV5VH66JFHYK22DT4Z9BX33","parent":"fc6417905e22524572861bf03803ded2ee33dbe118593984e2d9a6f541ea645b","reviewer":"rev","schema":1,"seq":15,"session":"kpi","source":"cli:box","task":"t-schema","type":"commit.rewritten"}'),
	(854589441, 827326465, 16, '\x4b9d149d5e9e2e2311119576e8be42f38049df7b67383f20fc19b290ab6de4ae', 827326465, 'review.requested', '{"actor":"ann","at":"2026-11-28T09:43:44.299Z","author":"ann","commit":{"branch":"main","dirty":false,"oid":"cdf03e10d64dfb69d2454db5f897bdde6408bbdf","repository":"local:e199c06414adedeab485b18f90bb2ee8c21cf6df","tree":"0c5a24a9ce1681aff038895010e6c591280d0370"},"data":{"attempt":3,"host":"box","instance":"/tmp/orch-first-pg/work","message":"please look","reviewers":["rev"],"submission":{"branch":"main","change":null,"dirty":false,"oid":"cdf03e10d64dfb69d2454db5f897bdde6408bbdf","repository":"local:e199c06414adedeab485b18f90bb2ee8c21cf6df","tree":"0c5a24a9ce1681aff038895010e6c591280d0370"}},"fence":4,"log":"AGVDV5VH66JFHYK22DT4Z9BX33","parent":"022a7b6fe02ec8ba789fc4a1124ef04579bcb6fcbb814b553516b026b845f311","reviewer":"rev","schema":1,"seq":16,"session":"kpi","source":"cli:box","task":"t-schema","type":"review.requested"}'),
	(856686593, 827326465, 17, '\x786328b3ccd889f93c084bf131e5c740c95c20ba44b4b96443d448de5cbed933', 827326465, 'review.commented', '{"actor":"rev","at":"2026-11-28T09:43:44.334Z","author":"ann","commit":{"branch":"main","dirty":false,"oid":"cdf03e10d64dfb69d2454db5f897bdde6408bbdf","repository":"local:e199c06414adedeab485b18f90bb2ee8c21cf6df","tree":"0c5a24a9ce1681aff038895010e6c591280d0370"},"data":{"host":"box","instance":"/tmp/orch-first-pg/work","text":"why two tables?"},"fence":null,"log":"AGVDV5VH66JFHYK22DT4Z9BX33","parent":"4b9d149d5e9e2e2311119576e8be42f38049df7b67383f20fc19b290ab6de4ae","reviewer":"rev","schema":1,"seq":17,"session":"kpi","source":"cli:box","task":"t-schema","type":"review.commented"}'),
	(858783745, 827326465, 18, '\x72cd36fca3079acca58c57387eb4fec6341f7cbe6912bae9089c2b440a4e1566', 827326465, 'review.rejected', '{"actor":"rev","at":"2026-11-28T09:43:44.368Z","author":"ann","commit":{"branch":"main","dirty":false,"oid":"cdf03e10d64dfb69d2454db5f897bdde6408bbdf","repository":"local:e199c06414adedeab485b18f90bb2ee8c21cf6df","tree":"0c5a24a9ce1681aff038895010e6c591280d0370"},"data":{"host":"box","instance":"/tmp/orch-first-pg/work","oid":"cdf03e10d64dfb69d2454db5f897bdde6408bbdf","reference":"4b9d149d5e9e2e2311119576e8be42f38049df7b67383f20fc19b290ab6de4ae","text":"one is enough","tree":"0c5a24a9ce1681aff038895010e6c591280d0370"},"fence":null,"log":"AGVDV5VH66JFHYK22DT4Z9BX33","parent":"786328b3ccd889f93c084bf131e5c740c95c20ba44b4b96443d448de5cbed933","reviewer":"rev","schema":1,"seq":18,"session":"kpi","source":"cli:box","task":"t-schema","type":"review.rejected"}'),
	(860880897, 827326465, 19, '\x067262843b6913cdf5c1de3a0e4a038245af5d350ad2b2e2157ca7aeefdd2cf5', 827326465, 'task.claimed', '{"actor":"ann","at":"2026-11-28T09:43:44.394Z","author":"ann","commit":{"branch":"main","dirty":false,"oid":"cdf03e10d64dfb69d2454db5f897bdde6408bbdf","repository":"local:e199c06414adedeab485b18f90bb2ee8c21cf6df","tree":"0c5a24a9ce1681aff038895010e6c591280d0370"},"data":{"acquiredAt":"2026-11-28T09:43:44.394Z","attempt":4,"expiresAt":"2026-11-28T10:13:44.394Z","host":"box","instance":"/tmp/orch-first-pg/work","tokenHash":"38b1d746dad31923f6ff3e49bdc427b51a5f6dfee9fa26a363548077ea6a393f","ttlSeconds":1800},"fence":5,"log":"AGVDV5VH66JFHYK22DT4Z9BX33","parent":"72cd36fca3079acca58c57387eb4fec6341f7cbe6912bae9089c2b440a4e1566","reviewer":"rev","schema":1,"seq":19,"session":"kpi","source":"cli:box","task":"t-schema","type":"task.claimed"}'),
	(861929473, 827326465, 20, '\xb6369239d5471ef2ba289a78cb840e51cf72b21b54793f9e130ef0145bcce3cc', 827326465, 'review.requested', '{"actor":"ann","at":"2026-11-28T09:43:44.439Z","author":"ann","commit":{"branch":"main","dirty":false,"oid":"45197088e6bb5c1887c2b5e56fb042fbd7a56877","repository":"local:e199c06414adedeab485b18f90bb2ee8c21cf6df","tree":"f5262078b8d4fb7f29196c771b66fdfd899bc349"},"data":{"attempt":4,"host":"box","instance":"/tmp/orch-first-pg/work","reviewers":["rev"],"submission":{"branch":"main","change":null,"dirty":false,"oid":"45197088e6bb5c1887c2b5e56fb042fbd7a56877","repository":"local:e199c06414adedeab485b18f90bb2ee8c21cf6df","tree":"f5262078b8d4fb7f29196c771b66fdfd899bc349"}},"fence":5,"log":"AGVDV5VH66JFHYK22DT4Z9BX33","parent":"067262843b6913cdf5c1de3a0e4a038245af5d350ad2b2e2157ca7aeefdd2cf5","reviewer":"rev","schema":1,"seq":20,"session":"kpi","source":"cli:box","task":"t-schema","type":"review.requested"}'),
	(864026626, 827326465, 22, '\xcfb3b48535c66639d30501fac7b3c04e9c1f6e85ea1372d73c8f936467a9a510', 827326465, 'task.done', '{"actor":"rev","at":"2026-11-28T09:43:44.488Z","author":"ann","commit":{"branch":"main","dirty":false,"oid":"45197088e6bb5c1887c2b5e56fb042fbd7a56877","repository":"local:e199c06414adedeab485b18f90bb2ee8c21cf6df","tree":"f5262078b8d4fb7f29196c771b66fdfd899bc349"},"data":{"attempt":4,"submission":{"branch":"main","change":null,"dirty":false,"oid":"45197088e6bb5c1887c2b5e56fb042fbd7a56877","repository":"local:e199c06414adedeab485b18f90bb2ee8c21cf6df","tree":"f5262078b8d4fb7f29196c771b66fdfd899bc349"}},"fence":null,"log":"AGVDV5VH66JFHYK22DT4Z9BX33","parent":"1b2ab815b161699e744cf6ccfef7bed438ee45f436518d353999be1f1ece2d81","reviewer":"rev","schema":1,"seq":22,"session":"kpi","source":"cli:box","task":"t-schema","type":"task.done"}'),
	(864026625, 827326465, 21, '\x1b2ab815b161699e744cf6ccfef7bed438ee45f436518d353999be1f1ece2d81', 827326465, 'review.approved', '{"actor":"rev","at":"2026-11-28T09:43:44.488Z","author":"ann","commit":{"branch":"main","dirty":false,"oid":"45197088e6bb5c1887c2b5e56fb042fbd7a56877","repository":"local:e199c06414adedeab485b18f90bb2ee8c21cf6df","tree":"f5262078b8d4fb7f29196c771b66fdfd899bc349"},"data":{"host":"box","instance":"/tmp/orch-first-pg/work","oid":"45197088e6bb5c1887c2b5e56fb042fbd7a56877","reference":"b6369239d5471ef2ba289a78cb840e51cf72b21b54793f9e130ef0145bcce3cc","text":"good","tree":"f5262078b8d4fb7f29196c771b66fdfd899bc349"},"fence":null,"log":"AGVDV5VH66JFHYK22DT4Z9BX33","parent":"b6369239d5471ef2ba289a78cb840e51cf72b21b54793f9e130ef0145bcce3cc","reviewer":"rev","schema":1,"seq":21,"session":"kpi","source":"cli:box","task":"t-schema","type":"review.approved"}'),
	(866123777, 831520769, 2, '\xd9a8947e72f4de1c0af2e1a0963de3a5de373aa295aef22680f5202f20c55efc', 831520769, 'task.claimed', '{"actor":"ben","at":"2026-11-28T09:43:44.542Z","author":"ben","commit":{"branch":"main","dirty":false,"oid":"45197088e6bb5c1887c2b5e56fb042fbd7a56877","repository":"local:e199c06414adedeab485b18f90bb2ee8c21cf6df","tree":"f5262078b8d4fb7f29196c771b66fdfd899bc349"},"data":{"acquiredAt":"2026-11-28T09:43:44.542Z","attempt":1,"expiresAt":"2026-11-28T10:13:44.542Z","host":"box","instance":"/tmp/orch-first-pg/work","tokenHash":"2ada62b65be230d8f11f8edaf48c5bdd75ff5081800d050bdd227fb9e7e8df1b","ttlSeconds":1800},"fence":1,"log":"AGVDV5VH66JFHYK22DT4Z9BX33","parent":"372fe2e227a28e29190fc5891e3cd7b2237ab09ec427e17044200b4a8eb54798","reviewer":null,"schema":1,"seq":2,"session":"t-chart","source":"cli:box","task":"t-chart","type":"task.claimed"}'),
	(867172354, 831520769, 4, '\xc7f97f5a46dfed139a4256b9bcba13e86eee993f1f064cfaed41b1681ab7c1bd', 831520769, 'task.dead', '{"actor":"ben","at":"2026-11-28T09:43:44.565Z","author":"ben","commit":{"branch":"main","dirty":false,"oid":"45197088e6bb5c1887c2b5e56fb042fbd7a56877","repository":"local:e199c06414adedeab485b18f90bb2ee8c21cf6df","tree":"f5262078b8d4fb7f29196c771b66fdfd899bc349"},"data":{"failures":1,"maxAttempts":1},"fence":1,"log":"AGVDV5VH66JFHYK22DT4Z9BX33","parent":"8a52dad2b7190e717568b9596a103d0487dbd019a86c96c5f45db840193eae89","reviewer":null,"schema":1,"seq":4,"session":"t-chart","source":"cli:box","task":"t-chart","type":"task.dead"}'),
	(867172353, 831520769, 3, '\x8a52dad2b7190e717568b9596a103d0487dbd019a86c96c5f45db840193eae89', 831520769, 'task.failed', '{"actor":"ben","at":"2026-11-28T09:43:44.565Z","author":"ben","commit":{"branch":"main","dirty":false,"oid":"45197088e6bb5c1887c2b5e56fb042fbd7a56877","repository":"local:e199c06414adedeab485b18f90bb2ee8c21cf6df","tree":"f5262078b8d4fb7f29196c771b66fdfd899bc349"},"data":{"attempt":1,"failures":1,"message":"broke"},"fence":1,"log":"AGVDV5VH66JFHYK22DT4Z9BX33","parent":"d9a8947e72f4de1c0af2e1a0963de3a5de373aa295aef22680f5202f20c55efc","reviewer":null,"schema":1,"seq":3,"session":"t-chart","source":"cli:box","task":"t-chart","type":"task.failed"}'),
	(868220929, 831520769, 5, '\x79235cdb022dfee7733dbc64a70bf13d561606adbde4743aec4fa192a2305d68', 831520769, 'task.retried', '{"actor":"jq","at":"2026-11-28T09:43:44.584Z","author":"ben","commit":{"branch":"main","dirty":false,"oid":"45197088e6bb5c1887c2b5e56fb042fbd7a56877","repository":"local:e199c06414adedeab485b18f90bb2ee8c21cf6df","tree":"f5262078b8d4fb7f29196c771b66fdfd899bc349"},"data":{"readyAt":"2026-11-28T09:43:44.584Z","why":"another try"},"fence":null,"log":"AGVDV5VH66JFHYK22DT4Z9BX33","parent":"c7f97f5a46dfed139a4256b9bcba13e86eee993f1f064cfaed41b1681ab7c1bd","reviewer":null,"schema":1,"seq":5,"session":"t-chart","source":"cli:box","task":"t-chart","type":"task.retried"}'),
	(870318081, 833617921, 2, '\x1cbca14fd759891ead90c127a8f4818939d47456757900f393e035c27da2185f', 833617921, 'task.cancelled', '{"actor":"jq","at":"2026-11-28T09:43:44.607Z","author":"jq","commit":{"branch":"main","dirty":false,"oid":"45197088e6bb5c1887c2b5e56fb042fbd7a56877","repository":"local:e199c06414adedeab485b18f90bb2ee8c21cf6df","tree":"f5262078b8d4fb7f29196c771b66fdfd899bc349"},"data":{"why":"superseded"},"fence":null,"log":"AGVDV5VH66JFHYK22DT4Z9BX33","parent":"e1c941b8f93e9bde419193d56e9a1b118931d638e3716547fe9c3ea368fb3efa","reviewer":null,"schema":1,"seq":2,"session":"t-not","source":"cli:box","task":"t-not","type":"task.cancelled"}'),
	(871366657, 827326465, 23, '\x11a9e70da22ae9ceed17aebbfa1c2bcde45c3b23833419ca296a831bcf6f53a0', 829423617, 'task.claimed', '{"actor":"ben","at":"2026-11-28T09:43:44.636Z","author":"ben","commit":{"branch":"main","dirty":false,"oid":"45197088e6bb5c1887c2b5e56fb042fbd7a56877","repository":"local:e199c06414adedeab485b18f90bb2ee8c21cf6df","tree":"f5262078b8d4fb7f29196c771b66fdfd899bc349"},"data":{"acquiredAt":"2026-11-28T09:43:44.636Z","attempt":1,"expiresAt":"2026-11-28T09:43:45.636Z","host":"box","instance":"/tmp/orch-first-pg/work","tokenHash":"569372be0378a3e28044af8356de972f75c9f543d7e5d3c76a945c4cb624b374","ttlSeconds":1},"fence":6,"log":"AGVDV5VH66JFHYK22DT4Z9BX33","parent":"cfb3b48535c66639d30501fac7b3c04e9c1f6e85ea1372d73c8f936467a9a510","reviewer":null,"schema":1,"seq":23,"session":"kpi","source":"cli:box","task":"t-fill","type":"task.claimed"}'),
	(872415233, 827326465, 24, '\x017211ff858194c8274f89f5282fd0d87e17142884189ced704fe8aa4d8b9ca2', 829423617, 'lease.expired', '{"actor":"watchdog","at":"2026-11-28T09:43:45.775Z","author":"ben","commit":{"branch":"main","dirty":false,"oid":"45197088e6bb5c1887c2b5e56fb042fbd7a56877","repository":"local:e199c06414adedeab485b18f90bb2ee8c21cf6df","tree":"f5262078b8d4fb7f29196c771b66fdfd899bc349"},"data":{"agent":"ben","attempt":1,"expiresAt":"2026-11-28T09:43:45.636Z","failures":1,"fence":6,"forced":false,"heartbeatAt":"2026-11-28T09:43:44.636Z","host":"box","instance":"/tmp/orch-first-pg/work"},"fence":6,"log":"AGVDV5VH66JFHYK22DT4Z9BX33","parent":"11a9e70da22ae9ceed17aebbfa1c2bcde45c3b23833419ca296a831bcf6f53a0","reviewer":null,"schema":1,"seq":24,"session":"kpi","source":"cli:box","task":"t-fill","type":"lease.expired"}'),
	(874512385, 827326465, 25, '\xf212931518e7c22cd5574cf531b9a90fa37c9e046ddd7436b2251a9f82282d17', 829423617, 'task.claimed', '{"actor":"ann","at":"2026-11-28T09:43:45.828Z","author":"ann","commit":{"branch":"main","dirty":false,"oid":"45197088e6bb5c1887c2b5e56fb042fbd7a56877","repository":"local:e199c06414adedeab485b18f90bb2ee8c21cf6df","tree":"f5262078b8d4fb7f29196c771b66fdfd899bc349"},"data":{"acquiredAt":"2026-11-28T09:43:45.828Z","attempt":2,"expiresAt":"2026-11-28T10:13:45.828Z","host":"box","instance":"/tmp/orch-first-pg/work","tokenHash":"c62e566208df208cbfede6c1a5e03d041f7fcc1dd454edddbddf66da3514d0a4","ttlSeconds":1800},"fence":7,"log":"AGVDV5VH66JFHYK22DT4Z9BX33","parent":"017211ff858194c8274f89f5282fd0d87e17142884189ced704fe8aa4d8b9ca2","reviewer":null,"schema":1,"seq":25,"session":"kpi","source":"cli:box","task":"t-fill","type":"task.claimed"}'),
	(875560961, 827326465, 26, '\x161d8f94d5b681a1f00b329ce9b451073e67085fd518d363a0070407d49f888d', 829423617, 'lease.expired', '{"actor":"jq","at":"2026-11-28T09:43:45.855Z","author":"ann","commit":{"branch":"main","dirty":false,"oid":"45197088e6bb5c1887c2b5e56fb042fbd7a56877","repository":"local:e199c06414adedeab485b18f90bb2ee8c21cf6df","tree":"f5262078b8d4fb7f29196c771b66fdfd899bc349"},"data":{"agent":"ann","attempt":2,"expiresAt":"2026-11-28T10:13:45.828Z","failures":1,"fence":7,"forced":true,"heartbeatAt":"2026-11-28T09:43:45.828Z","host":"box","instance":"/tmp/orch-first-pg/work","why":"the machine is gone"},"fence":7,"log":"AGVDV5VH66JFHYK22DT4Z9BX33","parent":"f212931518e7c22cd5574cf531b9a90fa37c9e046ddd7436b2251a9f82282d17","reviewer":null,"schema":1,"seq":26,"session":"kpi","source":"cli:box","task":"t-fill","type":"lease.expired"}'),
	(877658113, 831520769, 6, '\xd44456b90c5f301eba90e8465df065cb152989362cec8fb44728010e7c0197b2', 831520769, 'task.claimed', '{"actor":"ben","at":"2026-11-28T09:43:45.901Z","author":"ben","commit":{"branch":"main","dirty":false,"oid":"45197088e6bb5c1887c2b5e56fb042fbd7a56877","repository":"local:e199c06414adedeab485b18f90bb2ee8c21cf6df","tree":"f5262078b8d4fb7f29196c771b66fdfd899bc349"},"data":{"acquiredAt":"2026-11-28T09:43:45.901Z","attempt":2,"expiresAt":"2026-11-28T10:13:45.901Z","host":"box","instance":"/tmp/orch-first-pg/work","tokenHash":"604975d338f5e5238199d81944416ecb9ef9efcb62d2d42ed3962d67ca7bce20","ttlSeconds":1800},"fence":2,"log":"AGVDV5VH66JFHYK22DT4Z9BX33","parent":"79235cdb022dfee7733dbc64a70bf13d561606adbde4743aec4fa192a2305d68","reviewer":null,"schema":1,"seq":6,"session":"t-chart","source":"cli:box","task":"t-chart","type":"task.claimed"}'),
	(878706689, 831520769, 7, '\xa00885079c9f92cdbaac111713985326e3154898b01f1f191cd6e5cd42139c85', 831520769, 'handoff.offered', '{"actor":"ben","at":"2026-11-28T09:43:45.939Z","author":"ben","commit":{"branch":"main","dirty":false,"oid":"45197088e6bb5c1887c2b5e56fb042fbd7a56877","repository":"local:e199c06414adedeab485b18f90bb2ee8c21cf6df","tree":"f5262078b8d4fb7f29196c771b66fdfd899bc349"},"data":{"attempt":2,"expiresAt":"2026-11-29T09:43:45.939Z","from":"ben","host":"box","instance":"/tmp/orch-first-pg/work","to":"ann","why":"busy"},"fence":2,"log":"AGVDV5VH66JFHYK22DT4Z9BX33","parent":"d44456b90c5f301eba90e8465df065cb152989362cec8fb44728010e7c0197b2","reviewer":null,"schema":1,"seq":7,"session":"t-chart","source":"cli:box","task":"t-chart","type":"handoff.offered"}'),
	(879755265, 831520769, 8, '\x2f1aeb9a7f519d3e87936364a431cf26aee7ae7859ae619f889380047c0198bc', 831520769, 'handoff.declined', '{"actor":"ann","at":"2026-11-28T09:43:45.968Z","author":"ben","commit":{"branch":"main","dirty":false,"oid":"45197088e6bb5c1887c2b5e56fb042fbd7a56877","repository":"local:e199c06414adedeab485b18f90bb2ee8c21cf6df","tree":"f5262078b8d4fb7f29196c771b66fdfd899bc349"},"data":{"from":"ben","host":"box","instance":"/tmp/orch-first-pg/work","why":"busy, too"},"fence":null,"log":"AGVDV5VH66JFHYK22DT4Z9BX33","parent":"a00885079c9f92cdbaac111713985326e3154898b01f1f191cd6e5cd42139c85","reviewer":null,"schema":1,"seq":8,"session":"t-chart","source":"cli:box","task":"t-chart","type":"handoff.declined"}'),
	(881852417, 831520769, 9, '\xe4625e4fda713e9f557e5763f4b6bc19218eb27c84f182bdb501087d0e9e66a9', 831520769, 'task.claimed', '{"actor":"ben","at":"2026-11-28T09:43:46.006Z","author":"ben","commit":{"branch":"main","dirty":false,"oid":"45197088e6bb5c1887c2b5e56fb042fbd7a56877","repository":"local:e199c06414adedeab485b18f90bb2ee8c21cf6df","tree":"f5262078b8d4fb7f29196c771b66fdfd899bc349"},"data":{"acquiredAt":"2026-11-28T09:43:46.006Z","attempt":3,"expiresAt":"2026-11-28T10:13:46.006Z","host":"box","instance":"/tmp/orch-first-pg/work","tokenHash":"518f680597d432696b850d059ad39f5655b9d9c413c7059a3095abaef00b681c","ttlSeconds":1800},"fence":3,"log":"AGVDV5VH66JFHYK22DT4Z9BX33","parent":"2f1aeb9a7f519d3e87936364a431cf26aee7ae7859ae619f889380047c0198bc","reviewer":null,"schema":1,"seq":9,"session":"t-chart","source":"cli:box","task":"t-chart","type":"task.claimed"}'),
	(882900993, 831520769, 10, '\x959b3684e5dbeb7d762055c3a250f277a0d1ad6f6bbd4dd6a52dd7492154cdfc', 831520769, 'handoff.offered', '{"actor":"ben","at":"2026-11-28T09:43:46.055Z","author":"ben","commit":{"branch":"main","dirty":false,"oid":"45197088e6bb5c1887c2b5e56fb042fbd7a56877","repository":"local:e199c06414adedeab485b18f90bb2ee8c21cf6df","tree":"f5262078b8d4fb7f29196c771b66fdfd899bc349"},"data":{"attempt":3,"expiresAt":"2026-11-28T09:43:47.055Z","from":"ben","host":"box","instance":"/tmp/orch-first-pg/work","to":"ann","why":"busy"},"fence":3,"log":"AGVDV5VH66JFHYK22DT4Z9BX33","parent":"e4625e4fda713e9f557e5763f4b6bc19218eb27c84f182bdb501087d0e9e66a9","reviewer":null,"schema":1,"seq":10,"session":"t-chart","source":"cli:box","task":"t-chart","type":"handoff.offered"}'),
	(883949569, 831520769, 11, '\x7c9449089d71b80bcea9bd5d4143b4c9fc27433ebf1e1e0811c3cd34ec8db0c8', 831520769, 'handoff.expired', '{"actor":"watchdog","at":"2026-11-28T09:43:47.202Z","author":"ben","commit":{"branch":"main","dirty":false,"oid":"45197088e6bb5c1887c2b5e56fb042fbd7a56877","repository":"local:e199c06414adedeab485b18f90bb2ee8c21cf6df","tree":"f5262078b8d4fb7f29196c771b66fdfd899bc349"},"data":{"expiresAt":"2026-11-28T09:43:47.055Z","from":"ben","host":"box","instance":"/tmp/orch-first-pg/work","to":"ann"},"fence":null,"log":"AGVDV5VH66JFHYK22DT4Z9BX33","parent":"959b3684e5dbeb7d762055c3a250f277a0d1ad6f6bbd4dd6a52dd7492154cdfc","reviewer":null,"schema":1,"seq":11,"session":"t-chart","source":"cli:box","task":"t-chart","type":"handoff.expired"}'),
	(887095297, 887095297, 1, '\x5b8b761625ad1213411f7aae2032b6bd861ef4683646a86113497401ed714d1c', NULL, 'agent.described', '{"actor":"jq","at":"2026-11-28T09:43:47.286Z","author":"jq","commit":{"branch":"main","dirty":false,"oid":"45197088e6bb5c1887c2b5e56fb042fbd7a56877","repository":"local:e199c06414adedeab485b18f90bb2ee8c21cf6df","tree":"f5262078b8d4fb7f29196c771b66fdfd899bc349"},"data":{"display":"Ann","name":"ann","role":"author"},"fence":null,"log":"AGVDV5VH66JFHYK22DT4Z9BX33","parent":null,"reviewer":null,"schema":1,"seq":1,"session":"agents","source":"cli:box","task":null,"type":"agent.described"}'),
	(888143873, 827326465, 27, '\xbcfd2180329f5d5f6c85bec77a8a6d29232610fef9af3181c2d2abecbe180700', 829423617, 'task.claimed', '{"actor":"ben","at":"2026-11-28T09:43:47.329Z","author":"ben","commit":{"branch":"main","dirty":false,"oid":"45197088e6bb5c1887c2b5e56fb042fbd7a56877","repository":"local:e199c06414adedeab485b18f90bb2ee8c21cf6df","tree":"f5262078b8d4fb7f29196c771b66fdfd899bc349"},"data":{"acquiredAt":"2026-11-28T09:43:47.329Z","attempt":3,"expiresAt":"2026-11-28T10:13:47.329Z","host":"box","instance":"/tmp/orch-first-pg/work","tokenHash":"ba503a86ab5623e0c1417cbf4457ae260aeb246ce4ea7d13be928bfad2ce2c49","ttlSeconds":1800},"fence":8,"log":"AGVDV5VH66JFHYK22DT4Z9BX33","parent":"161d8f94d5b681a1f00b329ce9b451073e67085fd518d363a0070407d49f888d","reviewer":null,"schema":1,"seq":27,"session":"kpi","source":"cli:box","task":"t-fill","type":"task.claimed"}'),
	(889192449, 827326465, 28, '\x8e12a3eff319d16796583c3a5c2d84afefdc5be251c26c44c27aff4697676632', 829423617, 'check.recorded', '{"actor":"ben","at":"2026-11-28T09:43:47.375Z","author":"ben","commit":{"branch":"main","dirty":false,"oid":"45197088e6bb5c1887c2b5e56fb042fbd7a56877","repository":"local:e199c06414adedeab485b18f90bb2ee8c21cf6df","tree":"f5262078b8d4fb7f29196c771b66fdfd899bc349"},"data":{"command":"true --project demo","dirty":false,"durationMs":0,"exitStatus":0,"head":"45197088e6bb5c1887c2b5e56fb042fbd7a56877","host":"box","instance":"/tmp/orch-first-pg/work","name":"test","outputHash":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855","tree":"f5262078b8d4fb7f29196c771b66fdfd899bc349"},"fence":8,"log":"AGVDV5VH66JFHYK22DT4Z9BX33","parent":"bcfd2180329f5d5f6c85bec77a8a6d29232610fef9af3181c2d2abecbe180700","reviewer":null,"schema":1,"seq":28,"session":"kpi","source":"cli:box","task":"t-fill","type":"check.recorded"}');


--
-- Data for Name: event_block; Type: TABLE DATA; Schema: orch; Owner: -
--

INSERT INTO orch.event_block VALUES
	(1, 'jq', 0),
	(2, 'jq', 0),
	(3, 'rev', 0),
	(4, 'cli:box', 0),
	(5, 'task.added', 0),
	(6, 'e199c06414adedeab485b18f90bb2ee8c21cf6df', 0),
	(5, 'task.edited', 0),
	(5, 'note.added', 0),
	(1, 'ann', 0),
	(2, 'ann', 0),
	(5, 'task.claimed', 0),
	(5, 'checkpoint.saved', 0),
	(5, 'lease.resumed', 0),
	(5, 'commit.linked', 0),
	(7, 'e199c06414adedeab485b18f90bb2ee8c21cf6df', 846200833),
	(5, 'handoff.offered', 0),
	(1, 'ben', 0),
	(2, 'ben', 0),
	(5, 'handoff.accepted', 0),
	(5, 'task.requeued', 0),
	(6, '536b75ee0a233c8626c405e317ed55bd14c1507c', 0),
	(7, '536b75ee0a233c8626c405e317ed55bd14c1507c', 852492289),
	(5, 'commit.rewritten', 0),
	(6, 'cdf03e10d64dfb69d2454db5f897bdde6408bbdf', 0),
	(7, '536b75ee0a233c8626c405e317ed55bd14c1507c', 853540865),
	(7, 'cdf03e10d64dfb69d2454db5f897bdde6408bbdf', 853540865),
	(5, 'review.requested', 0),
	(1, 'rev', 0),
	(5, 'review.commented', 0),
	(5, 'review.rejected', 0),
	(6, '45197088e6bb5c1887c2b5e56fb042fbd7a56877', 0),
	(5, 'review.approved', 0),
	(5, 'task.done', 0),
	(5, 'task.dead', 0),
	(5, 'task.failed', 0),
	(5, 'task.retried', 0),
	(5, 'task.cancelled', 0),
	(1, 'watchdog', 0),
	(5, 'lease.expired', 0),
	(5, 'handoff.declined', 0),
	(5, 'handoff.expired', 0),
	(5, 'decision.made', 0),
	(5, 'agent.described', 0),
	(5, 'check.recorded', 0);


--
-- Data for Name: grant_token; Type: TABLE DATA; Schema: orch; Owner: -
--

INSERT INTO orch.grant_token VALUES
	('\x9ccfd5bdc7a601b8469eaea2e0528f453a90fa86b10502aa2c309e1c43ba4317', 827326465, 827326465, 1),
	('\xb6bbb5110c3beb162a2e5343544828b151f59c28b01c12bae861d3b8c78eabb5', 827326465, 827326465, 2),
	('\xe3ecd5a5118f6542214ccc4a2388f3eaa2e713c40e3212be3b5244aa5a06181c', 827326465, 827326465, 3),
	('\x03c35530e18369544069e3e84b58019efbd9a1b71c8ea366caf9b593531026aa', 827326465, 827326465, 4),
	('\x38b1d746dad31923f6ff3e49bdc427b51a5f6dfee9fa26a363548077ea6a393f', 827326465, 827326465, 5),
	('\x2ada62b65be230d8f11f8edaf48c5bdd75ff5081800d050bdd227fb9e7e8df1b', 831520769, 831520769, 1),
	('\x569372be0378a3e28044af8356de972f75c9f543d7e5d3c76a945c4cb624b374', 827326465, 829423617, 6),
	('\xc62e566208df208cbfede6c1a5e03d041f7fcc1dd454edddbddf66da3514d0a4', 827326465, 829423617, 7),
	('\x604975d338f5e5238199d81944416ecb9ef9efcb62d2d42ed3962d67ca7bce20', 831520769, 831520769, 2),
	('\x518f680597d432696b850d059ad39f5655b9d9c413c7059a3095abaef00b681c', 831520769, 831520769, 3),
	('\xba503a86ab5623e0c1417cbf4457ae260aeb246ce4ea7d13be928bfad2ce2c49', 827326465, 829423617, 8);


--
-- Data for Name: lease; Type: TABLE DATA; Schema: orch; Owner: -
--

INSERT INTO orch.lease VALUES
	(827326465, 1795860827375);


--
-- Data for Name: meta; Type: TABLE DATA; Schema: orch; Owner: -
--

INSERT INTO orch.meta VALUES
	('log', 'AGVDV5VH66JFHYK22DT4Z9BX33'),
	('position_offset', '0'),
	('positions', 'transactions'),
	('created', '2026-11-28T09:43:43.460Z'),
	('schema', '2');


--
-- Data for Name: ready; Type: TABLE DATA; Schema: orch; Owner: -
--

INSERT INTO orch.ready VALUES
	(835715073, '["task","demo",null,[]]', 6, 5, 32472144000000, 835715073),
	(831520769, '["task","demo","ben",[]]', 0, 5, 1795859024584, 831520769);


--
-- Data for Name: session; Type: TABLE DATA; Schema: orch; Owner: -
--

INSERT INTO orch.session VALUES
	(835715073, 't-later', 'AGVDV5VH66JFHYK22DT4Z9BX33', 1, '\x01bcdfba7e369754ab25b4dfaa3d001a31d6a7a7e267ebe51d933ae47b6f1c9e', 1795859023743, 835715073, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 1, 0, 0, 0, 0, 0, 0, 0),
	(831520769, 't-chart', 'AGVDV5VH66JFHYK22DT4Z9BX33', 11, '\x7c9449089d71b80bcea9bd5d4143b4c9fc27433ebf1e1e0811c3cd34ec8db0c8', 1795859027202, 883949569, 3, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 1, 0, 0, 0, 0, 0, 0, 0),
	(886046721, 'project:demo', 'AGVDV5VH66JFHYK22DT4Z9BX33', 1, '\x9f4b9b38b09325394187b323339d5db3920951785fb0c50cc7637c0d3a722c46', 1795859027254, 886046721, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, 0, 0, 0, 0, 0, 0, 0),
	(887095297, 'agents', 'AGVDV5VH66JFHYK22DT4Z9BX33', 1, '\x5b8b761625ad1213411f7aae2032b6bd861ef4683646a86113497401ed714d1c', 1795859027286, 887095297, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, 0, 0, 0, 0, 0, 0, 0),
	(827326465, 'kpi', 'AGVDV5VH66JFHYK22DT4Z9BX33', 28, '\x8e12a3eff319d16796583c3a5c2d84afefdc5be251c26c44c27aff4697676632', 1795859027375, 889192449, 8, 't-fill', 3, 'ben', '/tmp/orch-first-pg/work', 'box', 8, '\xba503a86ab5623e0c1417cbf4457ae260aeb246ce4ea7d13be928bfad2ce2c49', 1795859027329, 1795859027375, 1795860827375, 1800, 27, NULL, NULL, NULL, NULL, 6, 4, 0, 1, 0, 0, 1, 0, 0, 2),
	(833617921, 't-not', 'AGVDV5VH66JFHYK22DT4Z9BX33', 2, '\x1cbca14fd759891ead90c127a8f4818939d47456757900f393e035c27da2185f', 1795859024607, 870318081, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, 0, 0, 0, 0, 0, 1, 0);


--
-- Data for Name: task; Type: TABLE DATA; Schema: orch; Owner: -
--

INSERT INTO orch.task VALUES
	(835715073, 't-later', 835715073, 'queued', '["task","demo",null,[]]', 6, 5, 32472144000000, 32472144000000, 0, NULL, 0, 0, 1795859023743, NULL, NULL, NULL, NULL, false, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'task', 'demo', NULL, NULL, 'Later', NULL, 4, NULL, 1795859023743, 'jq', 'cli:box', NULL, false, NULL, NULL, NULL, NULL, ''),
	(827326465, 't-schema', 827326465, 'done', '["task","demo","ann",["rev"]]', 0, 2, 1795859023552, NULL, 0, NULL, 4, 0, 1795859024488, 'ann', '["ann","ben"]', '{"submission":{"seq":20,"of":{"branch":"main","change":null,"dirty":false,"oid":"45197088e6bb5c1887c2b5e56fb042fbd7a56877","repository":"local:e199c06414adedeab485b18f90bb2ee8c21cf6df","tree":"f5262078b8d4fb7f29196c771b66fdfd899bc349"}},"approvals":[{"reviewer":"rev","submission":{"seq":20,"of":{"branch":"main","change":null,"dirty":false,"oid":"45197088e6bb5c1887c2b5e56fb042fbd7a56877","repository":"local:e199c06414adedeab485b18f90bb2ee8c21cf6df","tree":"f5262078b8d4fb7f29196c771b66fdfd899bc349"}}}]}', NULL, false, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'task', 'demo', 'ann', '["rev"]', 'Write the schema', 'daily', 4, NULL, 1795859023552, 'jq', 'cli:box', NULL, false, NULL, 'Two tables.', NULL, NULL, ''),
	(833617921, 't-not', 833617921, 'cancelled', '["task","demo",null,[]]', 0, 5, 1795859023697, NULL, 0, NULL, 0, 0, 1795859024607, NULL, NULL, NULL, NULL, false, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'task', 'demo', NULL, NULL, 'Not needed', NULL, 4, NULL, 1795859023697, 'jq', 'cli:box', NULL, false, NULL, NULL, NULL, NULL, ''),
	(831520769, 't-chart', 831520769, 'queued', '["task","demo","ben",[]]', 0, 5, 1795859024584, NULL, 0, NULL, 3, 0, 1795859027202, 'ben', '["ben"]', NULL, NULL, true, NULL, 'broke', NULL, NULL, NULL, NULL, NULL, 'task', 'demo', 'ben', NULL, 'Draw a chart', NULL, 1, NULL, 1795859023644, 'jq', 'cli:box', NULL, false, NULL, NULL, NULL, NULL, ''),
	(829423617, 't-fill', 827326465, 'running', '["data","demo",null,[]]', 0, 3, 1795859023599, NULL, 0, NULL, 3, 1, 1795859027375, 'ben', '["ben","ann"]', NULL, '[["test","f5262078b8d4fb7f29196c771b66fdfd899bc349"]]', false, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'data', 'demo', NULL, NULL, 'Fill both tables', NULL, 4, NULL, 1795859023599, 'jq', 'cli:box', '["t-schema"]', false, '["test"]', NULL, NULL, NULL, '');


--
-- Name: agent agent_pkey; Type: CONSTRAINT; Schema: orch; Owner: -
--

ALTER TABLE ONLY orch.agent
    ADD CONSTRAINT agent_pkey PRIMARY KEY (name);


--
-- Name: class class_pkey; Type: CONSTRAINT; Schema: orch; Owner: -
--

ALTER TABLE ONLY orch.class
    ADD CONSTRAINT class_pkey PRIMARY KEY (label);


--
-- Name: dependency dependency_pkey; Type: CONSTRAINT; Schema: orch; Owner: -
--

ALTER TABLE ONLY orch.dependency
    ADD CONSTRAINT dependency_pkey PRIMARY KEY (after_task, task);


--
-- Name: event_block event_block_pkey; Type: CONSTRAINT; Schema: orch; Owner: -
--

ALTER TABLE ONLY orch.event_block
    ADD CONSTRAINT event_block_pkey PRIMARY KEY (facet, value, block);


--
-- Name: event event_id; Type: CONSTRAINT; Schema: orch; Owner: -
--

ALTER TABLE ONLY orch.event
    ADD CONSTRAINT event_id UNIQUE (id);


--
-- Name: event event_number; Type: CONSTRAINT; Schema: orch; Owner: -
--

ALTER TABLE ONLY orch.event
    ADD CONSTRAINT event_number UNIQUE (session, seq);


--
-- Name: event event_pkey; Type: CONSTRAINT; Schema: orch; Owner: -
--

ALTER TABLE ONLY orch.event
    ADD CONSTRAINT event_pkey PRIMARY KEY (pos);


--
-- Name: grant_token grant_token_pkey; Type: CONSTRAINT; Schema: orch; Owner: -
--

ALTER TABLE ONLY orch.grant_token
    ADD CONSTRAINT grant_token_pkey PRIMARY KEY (token_hash);


--
-- Name: lease lease_pkey; Type: CONSTRAINT; Schema: orch; Owner: -
--

ALTER TABLE ONLY orch.lease
    ADD CONSTRAINT lease_pkey PRIMARY KEY (session);


--
-- Name: meta meta_pkey; Type: CONSTRAINT; Schema: orch; Owner: -
--

ALTER TABLE ONLY orch.meta
    ADD CONSTRAINT meta_pkey PRIMARY KEY (key);


--
-- Name: ready ready_pkey; Type: CONSTRAINT; Schema: orch; Owner: -
--

ALTER TABLE ONLY orch.ready
    ADD CONSTRAINT ready_pkey PRIMARY KEY (session, class, lane);


--
-- Name: session session_name; Type: CONSTRAINT; Schema: orch; Owner: -
--

ALTER TABLE ONLY orch.session
    ADD CONSTRAINT session_name UNIQUE (id, log);


--
-- Name: session session_pkey; Type: CONSTRAINT; Schema: orch; Owner: -
--

ALTER TABLE ONLY orch.session
    ADD CONSTRAINT session_pkey PRIMARY KEY (number);


--
-- Name: task task_name; Type: CONSTRAINT; Schema: orch; Owner: -
--

ALTER TABLE ONLY orch.task
    ADD CONSTRAINT task_name UNIQUE (id, origin);


--
-- Name: task task_pkey; Type: CONSTRAINT; Schema: orch; Owner: -
--

ALTER TABLE ONLY orch.task
    ADD CONSTRAINT task_pkey PRIMARY KEY (ordinal);


--
-- Name: event_task; Type: INDEX; Schema: orch; Owner: -
--

CREATE INDEX event_task ON orch.event USING btree (task, pos) WHERE (task IS NOT NULL);


--
-- Name: lease_expiry; Type: INDEX; Schema: orch; Owner: -
--

CREATE INDEX lease_expiry ON orch.lease USING btree (expires_at, session);


--
-- Name: ready_due; Type: INDEX; Schema: orch; Owner: -
--

CREATE INDEX ready_due ON orch.ready USING btree (ready_at) WHERE (lane > 0);


--
-- Name: ready_order; Type: INDEX; Schema: orch; Owner: -
--

CREATE INDEX ready_order ON orch.ready USING btree (class, lane, priority, ready_at, ordinal);


--
-- Name: session_offer; Type: INDEX; Schema: orch; Owner: -
--

CREATE INDEX session_offer ON orch.session USING btree (offer_expires_at, number) WHERE (offer_expires_at IS NOT NULL);


--
-- Name: task_aside; Type: INDEX; Schema: orch; Owner: -
--

CREATE INDEX task_aside ON orch.task USING btree (state, priority, ready_at, ordinal) WHERE (state = ANY (ARRAY['review'::text, 'offered'::text, 'dead'::text, 'cancelled'::text]));


--
-- Name: task_assignee; Type: INDEX; Schema: orch; Owner: -
--

CREATE INDEX task_assignee ON orch.task USING btree (assignee, priority, ready_at, ordinal) WHERE (assignee IS NOT NULL);


--
-- Name: task_blocked; Type: INDEX; Schema: orch; Owner: -
--

CREATE INDEX task_blocked ON orch.task USING btree (session) WHERE ((state = 'queued'::text) AND (open_blockers > 0));


--
-- Name: task_key; Type: INDEX; Schema: orch; Owner: -
--

CREATE INDEX task_key ON orch.task USING btree (key) WHERE (key IS NOT NULL);


--
-- Name: task_open_key; Type: INDEX; Schema: orch; Owner: -
--

CREATE UNIQUE INDEX task_open_key ON orch.task USING btree (open_key, origin) WHERE (open_key IS NOT NULL);


--
-- Name: task_order; Type: INDEX; Schema: orch; Owner: -
--

CREATE INDEX task_order ON orch.task USING btree (priority, ready_at, ordinal);


--
-- Name: task_scheduled; Type: INDEX; Schema: orch; Owner: -
--

CREATE INDEX task_scheduled ON orch.task USING btree (ready_at) WHERE ((state = 'queued'::text) AND (not_before IS NOT NULL));


--
-- Name: task_session; Type: INDEX; Schema: orch; Owner: -
--

CREATE INDEX task_session ON orch.task USING btree (session, priority, ready_at, ordinal);


--
-- Name: task_waiting; Type: INDEX; Schema: orch; Owner: -
--

CREATE INDEX task_waiting ON orch.task USING btree (session, class, lane, priority, ready_at, ordinal) WHERE ((state = 'queued'::text) AND (open_blockers = 0));


--
-- Name: event event_unchanged; Type: TRIGGER; Schema: orch; Owner: -
--

CREATE TRIGGER event_unchanged BEFORE DELETE OR UPDATE OR TRUNCATE ON orch.event FOR EACH STATEMENT EXECUTE FUNCTION orch.refuse_change();


--
-- PostgreSQL database dump complete
--


