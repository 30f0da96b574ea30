namespace Amoe.Host.Tests.Live;

/// <summary>Opening balances on a journal in a file.</summary>
public sealed class OpeningTests : OpeningContract
{
    private protected override string[] Serves => ["--http", "127.0.0.1:0"];

    private protected override string[] Opens => ["--http", "127.0.0.1:0", "--opening"];

    [Theory]
    [InlineData("""{"student":2}""", "'student' is no total; did you mean students?")]
    [InlineData("""{"students":2.5}""", "students is a whole number")]
    [InlineData("""{"paid_20x5":2}""", "'paid_20x5' is no total")]
    [InlineData("[]", "the totals cannot be read")]
    public async Task Totals_that_say_nothing_are_refused(string totals, string says) =>
        (await AmoeCommand.RunAsync("opening", "report", "--journal", Journal, "--totals",
            Folder.Write("totals.json", totals))).IsRefusal(2, says);

    private protected override string NewJournal(string name) => Folder.File($"{name}.amoe");
}
