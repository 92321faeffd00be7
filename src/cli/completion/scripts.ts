/**
 * What each shell needs to ask fcc what could stand at the cursor. Names come from files and servers, so none is ever evaluated: bash gets
 * them through `printf %q`, zsh through `compadd` and fish through the output of a function, which quote them themselves. All three read the
 * same answer: a line that names the kind, then a word and its meaning a line, parted by a tab.
 */
export const shellScripts: Readonly<Record<string, string>> = {
  bash: String.raw`# fcc: completion for bash. Load it with: eval "$(fcc completion bash)"
_fcc() {
  local cur="" words=() word i line kind="" n quote="" before="" last="\${COMP_WORDS[COMP_CWORD]}"
  # bash parts words at ":" and "=", which model names have in them.
  for ((i = 1; i <= COMP_CWORD; i++)); do
    word="\${COMP_WORDS[i]}"
    n=\${#words[@]}
    if ((n > 0)) && [[ "$word" == [:=]* || "\${words[n-1]}" == *[:=] ]] && _fcc_touches "$i"; then
      words[n-1]+="$word"
    else
      words+=("$word")
    fi
  done
  n=\${#words[@]}
  ((n > 0)) && cur="\${words[n-1]}"
  COMPREPLY=()
  local lead=""
  [[ "$cur" == *[:=]* ]] && lead="\${cur%"\${cur##*[:=]}"}"
  # In open quotes bash takes what follows them, and closes them itself.
  [[ "$last" == [\"\']* ]] && quote="\${last:0:1}" before="\${cur%"$last"}" lead="\${cur%"$last"}\${last:0:1}"
  while IFS= read -r line; do
    if [[ -z "$kind" ]]; then kind="$line"; continue; fi
    word="\${line%%$'\t'*}"
    case "$quote" in
      \") [[ "$word" == *[$\"\`\\]* ]] && continue; word="$lead\${word#"$before"}" ;;
      \') [[ "$word" == *\'* ]] && continue; word="$lead\${word#"$before"}" ;;
      *) printf -v word %q "$word" ;;
    esac
    [[ "$word" == "$cur"* ]] && COMPREPLY+=("\${word#"$lead"}")
  done < <(fcc completion words -- "\${words[@]//[\"\'\\]/}" 2>/dev/null)
  [[ "$last" == [:=] ]] && last=""
  if [[ -n "$quote" ]]; then last="\${last:1}"; else last="\${last//\\/}"; fi
  case "$kind" in
    files) compopt -o filenames 2>/dev/null; while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "$last") ;;
    folders) compopt -o filenames 2>/dev/null; while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -d -- "$last") ;;
    programs) while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -c -- "$last") ;;
  esac
}
# Whether the word at this place follows the one before it without a space.
_fcc_touches() {
  local before="\${COMP_LINE:0:COMP_POINT}" i
  for ((i = 0; i < $1; i++)); do
    before="\${before#"\${before%%[![:space:]]*}"}"
    before="\${before#"\${COMP_WORDS[i]}"}"
  done
  [[ "$before" != [[:space:]]* ]]
}
complete -F _fcc fcc
`.replaceAll("\\$", "$"),

  zsh: String.raw`#compdef fcc
# fcc: completion for zsh. Load it with: eval "$(fcc completion zsh)"
_fcc() {
  local kind="" line
  local -a words_here values shown
  words_here=("\${(@Q)words[2,CURRENT]}")
  while IFS= read -r line; do
    if [[ -z "$kind" ]]; then kind="$line"; continue; fi
    values+=("\${line%%$'\t'*}")
    if [[ "$line" == *$'\t'?* ]]; then shown+=("\${line%%$'\t'*}  -- \${line#*$'\t'}"); else shown+=("\${line%%$'\t'*}"); fi
  done < <(fcc completion words -- "\${words_here[@]}" 2>/dev/null)
  case "$kind" in
    words) if ((\${#values} > 0)); then compadd -l -d shown -a -- values; fi ;;
    files) compset -P '--*='; _files ;;
    folders) _files -/ ;;
    programs) _command_names -e ;;
  esac
}
if [[ "$funcstack[1]" == _fcc ]]; then _fcc "$@"; elif (( $+functions[compdef] )); then compdef _fcc fcc; fi
`.replaceAll("\\$", "$"),

  fish: String.raw`# fcc: completion for fish. Load it with: fcc completion fish | source
function __fcc_words
    set -l words (commandline -opc) (commandline -ct)
    set -l lines (fcc completion words -- $words[2..-1] 2>/dev/null)
    set -l kind $lines[1]
    switch "$kind"
        case words
            printf '%s\n' $lines[2..-1]
        case files
            # A quote that is open is none that fish could take away.
            set -l word (string unescape -- $words[-1]; or string sub -s 2 -- $words[-1])
            set -l option (string match -r '^--[a-z-]+=' -- $word)
            for path in (__fish_complete_path (string replace -- "$option" '' $word))
                echo "$option$path"
            end
        case folders
            __fish_complete_directories (commandline -ct)
        case programs
            complete -C (commandline -ct)
    end
end
complete -c fcc -f -a '(__fcc_words)'
`,
};
