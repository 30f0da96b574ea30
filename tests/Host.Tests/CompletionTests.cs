using System.Diagnostics;

namespace Amoe.Host.Tests;

/// <summary>The completions that a shell offers when Tab is pressed.</summary>
public sealed class CompletionTests
{
    [Theory]
    [InlineData(
        "amoe ",
        "simulate serve cluster verify quarantine journal explain rules keys vault opening completions --help --version -h")]
    [InlineData("amoe s", "serve simulate")]
    [InlineData("/usr/local/bin/amoe ver", "verify")]
    [InlineData("sim", "simulate")]
    [InlineData("amoe journal ", "info show case copy drop grant --help -h")]
    [InlineData("amoe simulate n", "national-year")]
    [InlineData("amoe simulate -o ", "text json")]
    [InlineData("amoe simulate --output j", "json")]
    [InlineData("amoe simulate --rules ", "amoe hypothetical-cnss")]
    [InlineData("amoe rules diff amoe ", "amoe hypothetical-cnss --output -o --help -h")]
    [InlineData("amoe rules diff amoe amoe ", "--output -o --help -h")]
    [InlineData("amoe rules test my-cases.yaml --rules h", "hypothetical-cnss")]
    [InlineData("amoe simulate late-facts --rules a", "amoe")]
    [InlineData("amoe simulate late-facts --scale 1 --re", "--report --resume")]
    [InlineData("amoe simulate late-facts n", "")]
    [InlineData("amoe rules show B1.s", "B1.specialist")]
    [InlineData("amoe explain --lang ", "ar en fr")]
    [InlineData("amoe simulate world ", "institution medicine provider --count --number --seed --output -o --help -h")]
    [InlineData("amoe simulate --scale 0.01 --s", "--seed --seeds")]
    [InlineData("amoe verify --journal year.amoe --resume --", "--output --threads --help")]
    [InlineData("amoe journal drop --yes ", "--journal --help -h")]
    [InlineData("amoe keys ", "create list revoke --help -h")]
    [InlineData("amoe keys create --role m", "medical_control monitor")]
    [InlineData("amoe keys create --role fund --", "--party --student --name --expires --keys --output --help")]
    [InlineData("amoe serve --ch", "--check")]
    [InlineData("amoe completions ", "bash fish pwsh zsh --help -h")]
    public async Task It_offers_what_the_command_takes_there_and_nothing_else(string line, string offered) =>
        Assert.Equal(
            offered.Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal),
            await OfferedAsync("[suggest]", line));

    /// <summary>Then the shell offers files.</summary>
    [Theory]
    [InlineData("amoe verify --journal ")]
    [InlineData("amoe simulate --rules my")]
    [InlineData("amoe simulate --scale ")]
    public async Task It_offers_nothing_where_the_program_knows_no_value(string line) =>
        Assert.Empty(await OfferedAsync("[suggest]", line));

    [Theory]
    [InlineData(13, "amoe simulate --seed 7", "simulate")]
    [InlineData(17, "amoe simulate -o", "json text")]
    public async Task It_completes_the_line_up_to_the_position(int position, string line, string offered) =>
        Assert.Equal(offered.Split(' '), await OfferedAsync($"[suggest:{position}]", line));

    [Fact]
    public async Task A_shell_that_is_unknown_is_wrong_usage() =>
        (await AmoeCommand.RunAsync("completions", "csh")).IsRefusal(1, "SHELL is bash, zsh, fish, pwsh, not 'csh'");

    [Theory]
    [InlineData("zsh", "compdef _amoe amoe")]
    [InlineData("fish", "complete -c amoe")]
    [InlineData("pwsh", "Register-ArgumentCompleter -Native -CommandName amoe")]
    public async Task There_is_a_script_for_each_shell(string shell, string holds)
    {
        var script = await AmoeCommand.RunAsync("completions", shell);

        script.IsDone();
        Assert.Contains(holds, script.Output, StringComparison.Ordinal);
        Assert.Contains("'[suggest]'", script.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bash_completes_by_its_script()
    {
        using var folder = new TestFolder();
        var script = folder.Write("completions", (await AmoeCommand.RunAsync("completions", "bash")).Output);
        var line = "amoe simulate late";
        var asks =
            $"amoe() {{ dotnet '{Path.Combine(AppContext.BaseDirectory, "amoe.dll")}' \"$@\"; }}; . '{script}'; complete -p amoe; COMP_LINE='{line}'; COMP_POINT={line.Length}; _amoe; echo \"${{COMPREPLY[@]}}\"";
        using var bash = Process.Start(new ProcessStartInfo("bash", ["-c", asks]) { RedirectStandardOutput = true })!;
        var output = await bash.StandardOutput.ReadToEndAsync();
        await bash.WaitForExitAsync();

        Assert.Equal(["complete -o bashdefault -o default -F _amoe amoe", "late-facts"], output.TrimEnd().Split('\n'));
    }

    private static async Task<IEnumerable<string>> OfferedAsync(params string[] args)
    {
        var suggested = await AmoeCommand.RunAsync(args);
        Assert.Equal((0, ""), (suggested.ExitCode, suggested.Error));
        return suggested.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal);
    }
}
