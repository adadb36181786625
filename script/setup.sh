# Sourced by the other scripts: enters an environment that has what requirements.txt asks for.
# Leaves the caller in the folder $here, where the user's relative paths lie; $root is the repository.
# Uses the active virtual environment where there is one, else makes .venv; installs only after a change.
if [ -z "${VIRTUAL_ENV:-}" ]; then
    if [ ! -x .venv/bin/python ]; then
        for python in python3.12 python3.11 python3 none; do
            "$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 13))' 2>/dev/null && break
        done
        [ "$python" = none ] && { echo "Python 3.11 or 3.12 is needed and was not found; install one and run this again." >&2; exit 2; }
        "$python" -m venv .venv
    fi
    . .venv/bin/activate
fi
required="$(pwd) $(cat requirements.txt pyproject.toml | cksum)"
stamp="$VIRTUAL_ENV/syncfusion-installed"
if [ "$(cat "$stamp" 2>/dev/null)" != "$required" ]; then
    echo "Installing into $VIRTUAL_ENV (5 GB, a few minutes) ..."
    pip="python -m pip --quiet --disable-pip-version-check"
    $pip install -r requirements.txt
    $pip uninstall --yes data-science-types # stubs of an old numpy that hide numpy's own
    # jsonargparse and pydoclint want two packages of one module name; pydoclint needs its own
    $pip install --force-reinstall --no-deps docstring_parser_fork==0.0.16
    $pip install --no-deps --no-build-isolation --editable .
    echo "$required" > "$stamp"
fi
root="$(pwd)"
here="${here:-$root}"
cd "$here"
if [ "$here" != "$root" ]; then # data and logs lie in the repository, unless other folders are named
    for name in DATA LOGS; do
        eval "folder=\${DIR_$name:-}"
        [ -z "$folder" ] || continue
        grep -qs "^DIR_$name=." .env && continue
        folder="$(sed -n "s/^DIR_$name=\"\{0,1\}\([^\"]*\)\"\{0,1\}\$/\1/p" "$root/.env" 2>/dev/null || true)"
        [ -n "$folder" ] || folder="$(echo $name | tr '[:upper:]' '[:lower:]')"
        case "$folder" in /*) ;; *) folder="$root/$folder" ;; esac
        export "DIR_$name=$folder"
    done
fi
