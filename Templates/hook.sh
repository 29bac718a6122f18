# A hook must never stand in the way: orch refuses with status 1, and every other end of it lets git go on.
# The variable is for scripts that run themselves again, as husky 8 does: the second time has nothing to add.
orch_hook=@HOOK@
if [ "${orch_hook_of-}" != "$PPID $orch_hook" ]; then
  orch_hook_of="$$ $orch_hook"
  export orch_hook_of
  orch_program=@ORCH@
  { [ -f "$orch_program" ] && [ -x "$orch_program" ]; } || orch_program=$(command -v orch) || orch_program=
  if [ -n "$orch_program" ]; then
    orch_status=0
    orch_input=
    # These two are told on standard input what happens. It is read once and given back, for whoever comes next.
    case $orch_hook in pre-push | post-rewrite) orch_input=$(cat) || : ;; esac
    if [ -n "$orch_input" ]; then
      "$orch_program" hooks run "$orch_hook" "$@" <<orch_end || orch_status=$?
$orch_input
orch_end
      exec <<orch_end
$orch_input
orch_end
    else
      "$orch_program" hooks run "$orch_hook" "$@" </dev/null || orch_status=$?
    fi
    [ "$orch_status" != 1 ] || exit 1
  fi
  unset orch_program orch_status orch_input
fi
unset orch_hook
