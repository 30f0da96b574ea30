using System.CommandLine;
using Amoe.Engine.Text;
using Amoe.Host.Running;

namespace Amoe.Host.Verbs;

/// <summary><c>completions</c>: the script by which a shell completes commands, options and their values.</summary>
internal static class CompletionsVerb
{
    private const string Notes = """
        The script has the shell ask the program whenever Tab is pressed, so that it need not be replaced
        with a newer version. Commands, options and the values that an option takes are completed, and
        file names where it takes a file.

        Examples:
          amoe completions bash > ~/.local/share/bash-completion/completions/amoe
          amoe completions zsh > "${fpath[1]}/_amoe"
          amoe completions fish > ~/.config/fish/completions/amoe.fish
          amoe completions pwsh >> $PROFILE
          eval "$(amoe completions bash)"                       for this shell alone

        """;

    /// <summary>Spelt without arrays that bash 3.2, which macOS has, does not know.</summary>
    private const string Bash = """
        _amoe() {
            local IFS=$'\n'
            COMPREPLY=($(amoe '[suggest]' "${COMP_LINE:0:COMP_POINT}" 2>/dev/null))
        }
        complete -o bashdefault -o default -F _amoe amoe
        """;

    /// <summary>Both a file of <c>fpath</c>, which is the function's first call, and a text to evaluate.</summary>
    private const string Zsh = """
        #compdef amoe
        _amoe() {
            local -a offered
            offered=(${(f)"$(amoe '[suggest]' "${(j: :)words[1,CURRENT-1]} $PREFIX" 2>/dev/null)"})
            if (( ${#offered} )); then
                compadd -a offered
            else
                _files
            fi
        }
        if [ "$funcstack[1]" = "_amoe" ]; then
            _amoe "$@"
        else
            compdef _amoe amoe
        fi
        """;

    private const string Fish = """
        function __amoe_offered
            set -l offered (amoe '[suggest]' (commandline -cp | string collect) 2>/dev/null)
            if count $offered >/dev/null
                printf '%s\n' $offered
            else
                __fish_complete_path (commandline -ct)
            end
        end
        complete -c amoe -f -a '(__amoe_offered)'
        """;

    /// <summary>The command's text has no space at its end, and the cursor may be behind one.</summary>
    private const string Pwsh = """
        Register-ArgumentCompleter -Native -CommandName amoe -ScriptBlock {
            param($wordToComplete, $commandAst, $cursorPosition)
            $length = $cursorPosition - $commandAst.Extent.StartOffset
            $line = "$commandAst".PadRight($length).Substring(0, $length)
            amoe '[suggest]' $line 2>$null | ForEach-Object {
                [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
            }
        }
        """;

    private enum Shell
    {
        None,
        Bash,
        Zsh,
        Fish,
        Pwsh,
    }

    public static TaughtCommand Create()
    {
        var shell = new Argument<Shell>("SHELL")
        {
            Description = "The shell that is to complete.",
            HelpName = "bash|zsh|fish|pwsh",
            CustomParser = result =>
            {
                if (SnakeCase<Shell>.TryParse(result.Tokens[0].Value, out var parsed))
                    return parsed;
                result.AddError(
                    $"SHELL is {string.Join(", ", SnakeCase<Shell>.Names)}, not '{result.Tokens[0].Value}'");
                return default;
            },
        }.Offering(() => SnakeCase<Shell>.Names);
        var command = new TaughtCommand(
            "completions", "Print a script by which a shell completes commands, options and values.", Notes) { shell };
        command.SetAction(parsed =>
        {
            Terminal.Plain(parsed.GetValue(shell) switch
            {
                Shell.Bash => Bash,
                Shell.Zsh => Zsh,
                Shell.Fish => Fish,
                _ => Pwsh,
            });
            return ExitCode.Done;
        });
        return command;
    }
}
