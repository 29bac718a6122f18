#!/usr/bin/env bash
# Fills a new database with every kind of event that commands write, and exports it: so first-release.* were written, by
# an orch of the schema 2. On PostgreSQL where ORCH_DATABASE_URL is set.
#
#   first-release.sh ORCH DIRECTORY
set -euo pipefail
orch=$1 out=$2
export HOME=$out OPENCLAW_STATE_DIR=$out/state TZ=UTC LANG=C.UTF-8
unset ORCH_AGENT ORCH_SOURCE
mkdir -p "$out/work"
cd "$out/work"
git init -q -b main .
git config user.name Ann
git config user.email ann@example.org
git config core.hooksPath /dev/null

as() { ORCH_AGENT=$1 "$orch" "${@:2}" --project demo >/dev/null; }
commit() {
  echo "$*" >>file
  git add file
  git commit -qm "$*"
}

"$orch" init >/dev/null
commit "feat: first"
as jq add "Write the schema" --id t-schema --session kpi --priority 2 --body "Two tables." --reviewer rev --key daily
as jq add "Fill the tables" --id t-fill --session kpi --after t-schema --kind data --require-check test
as jq add "Draw a chart" --id t-chart --max-attempts 1
as jq add "Not needed" --id t-not
as jq add "Later" --id t-later --not-before 2999-01-01T00:00:00Z
as jq edit t-fill --priority 3 --title "Fill both tables"
as jq note t-schema -m "Use integers"
as ann claim t-schema
as ann heartbeat
as ann checkpoint --phase draft --last "schema drafted" --next "write tests" -m "two tables"
as ann resume
as ann link HEAD --task t-schema
as ann handoff offer --to ben -m night --next "write tests"
as ben handoff accept t-schema --restate "tests are missing"
as ben release requeue -m "need input"
as ann claim t-schema
commit "feat: second"
as ann link HEAD --task t-schema
git commit -q --amend -m "feat: second, better"
as ann link --scan
as ann release review -m "please look"
as rev review comment t-schema -m "why two tables?"
as rev review reject t-schema -m "one is enough"
as ann claim t-schema
commit "feat: one table"
as ann release review
as rev review approve t-schema -m "good"
as ben claim t-chart
as ben release failed -m broke
as jq retry t-chart -m "another try"
as jq cancel t-not -m "superseded"
as ben claim t-fill --ttl 1s
sleep 1.1
as watchdog recover
as ann claim t-fill
as jq recover t-fill --force -m "the machine is gone"
as ben claim t-chart
as ben handoff offer --to ann -m busy
as ann handoff decline t-chart -m "busy, too"
as ben claim t-chart
as ben handoff offer --to ann -m busy --expires 1s
sleep 1.1
as watchdog recover
as jq decide storage sqlite --because "there is no server"
as jq agents set ann --display Ann --role author
as ben claim t-fill
as ben check test -- true
"$orch" verify >&2
"$orch" export >"$out/first-release.jsonl"
