using System.CommandLine;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace Amoe.Bench.Micro;

/// <summary><c>micro</c>: the parts one by one.</summary>
internal static class MicroVerb
{
    private const string Description = """
        The parts one by one, with BenchmarkDotNet: time and bytes allocated per operation.

          decide        one command of each of the commonest kinds, by the pure deciders
          evolve        one event of each of the commonest kinds
          codec         a turn's records written, and read back
          adjudication  a whole claim from receipt to priced lines, per line: the budget is 333 ns
          json          a command of the API read and written: the budget is 1,500 ns for a claim of two lines
          receipts      an id looked for among a student's receipts: there, and not there

        Runs in this process: nothing is restored or compiled, so it needs no network.
        """;

    public static Command Create()
    {
        var filter = new Argument<string>("filter")
        {
            Description = "Part of the names of the benchmarks to run, such as codec; all when left out.",
            DefaultValueFactory = _ => ""
        };
        var command = new Command("micro", Description) { filter };
        command.SetAction(parsed =>
        {
            var config = ManualConfig.CreateEmpty()
                .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance))
                .AddDiagnoser(MemoryDiagnoser.Default)
                .AddColumnProvider(DefaultColumnProviders.Instance)
                .AddLogger(ConsoleLogger.Default)
                .AddExporter(MarkdownExporter.GitHub);
            Type[] all = [
                typeof(Decide), typeof(Evolve), typeof(Codec), typeof(Adjudication), typeof(ApiJson), typeof(Receipts)
            ];
            BenchmarkSwitcher.FromTypes(all).Run(["--filter", $"*{parsed.GetValue(filter)}*"], config);
        });
        return command;
    }
}
