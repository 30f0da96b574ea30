using Amoe.Engine.Tests.Conventions;

namespace Amoe.Engine.Tests.Addressing;

/// <summary>The sample of docs/actors.md is a file of these tests, and prints what the document says.</summary>
public sealed class SampleTests : IDisposable
{
    private readonly string _journal = Path.Combine(Path.GetTempPath(), $"{Path.GetRandomFileName()}.amoe");

    [Fact]
    public async Task The_sample_in_the_documents_runs_and_prints_what_they_say()
    {
        var blocks = File.ReadAllText(Path.Combine(SourceConventions.Root(), "docs", "actors.md")).Split("```");
        var source = File.ReadAllText(
            Path.Combine(SourceConventions.Root(), "tests", "Engine.Tests", "Addressing", "Clerk.cs"));
        Assert.Equal(source, blocks[1]["csharp\n".Length..]);

        var printed = new StringWriter { NewLine = "\n" };
        await Sample.RunAsync(_journal, printed.WriteLine);
        Assert.Equal(blocks[3][1..], printed.ToString());
    }

    public void Dispose() => File.Delete(_journal);
}
