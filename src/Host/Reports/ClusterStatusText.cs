using Spectre.Console;

namespace Amoe.Host.Reports;

/// <summary>Hosts and partitions, for a person.</summary>
internal static class ClusterStatusText
{
    private static readonly Style Title = new(decoration: Decoration.Bold);

    public static void WriteHosts(IAnsiConsole console, ClusterStatus status)
    {
        console.WriteLine(
            $"{status.Journal}: {Plural(status.Hosts.Count, "host")}, {Plural(status.Partitions, "partition")}, {status.Free} free, {status.Lost} lost; records of format {status.Format}");
        if (status.Hosts.Count == 0)
            return;
        console.WriteLine();
        console.WriteLine(
            $"{"host",6}  {"pages",-28}{"member",-44}{"partitions",11}{"recovering",12}{"records",16}  state", Title);
        foreach (var host in status.Hosts)
        {
            var answer = status.AnswerOf(host);
            var state = host.Status.IsDead
                ? "evicted"
                : !host.Status.IsLive ? $"not seen for {Format.Fixed((decimal)host.Status.Unseen.TotalSeconds, 0)} s"
                : answer is null ? "does not answer" : answer.IsReady ? "ready" : answer.Validate;
            console.WriteLine(
                $"{host.Id,6}  {host.Endpoint,-28}{host.Member[..host.Member.LastIndexOf('#')],-44}{status.PartitionsOf(host).Count(),11}"
                + $"{(answer is null ? "-" : Format.Count(answer.PartitionsRecovering)),12}{(answer is null ? "-" : Format.Count(answer.Partitions.Values.Sum(partition => partition.Records))),16}  {state}");
        }
    }

    public static void WritePartitions(IAnsiConsole console, ClusterStatus status)
    {
        console.WriteLine($"{"partition",9}{"host",8}{"incarnation",13}{"records",14}  state", Title);
        for (var partition = 0; partition < status.Partitions; partition++)
        {
            var answer = status.AnswerOf(partition);
            console.WriteLine(
                $"{partition,9}{status.HolderOf(partition)?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "-",8}{(answer is null ? "-" : Format.Count(answer.Incarnation)),13}"
                + $"{(answer is null ? "-" : Format.Count(answer.Records)),14}  {status.StateOf(partition)}{(answer?.Validate is { } why ? $": {why}" : "")}");
        }
    }

    private static string Plural(int count, string what) => $"{count} {what}{(count == 1 ? "" : "s")}";
}
