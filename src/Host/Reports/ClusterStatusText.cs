using Amoe.Engine.Journal.Ownership;
using Spectre.Console;

namespace Amoe.Host.Reports;

/// <summary>Hosts and shards, for a person.</summary>
internal static class ClusterStatusText
{
    private static readonly Style Title = new(decoration: Decoration.Bold);

    public static void Write(IAnsiConsole console, ClusterStatus status, bool withShards)
    {
        var view = status.View;
        console.WriteLine($"{status.Journal}: {Plural(view.Hosts.Count, "host")}, {Plural(view.Shards.Count, "shard")}, {status.Free} free, {status.Lost} lost");
        if (view.Hosts.Count > 0)
            console.WriteLine();
        if (view.Hosts.Count > 0)
            console.WriteLine($"{"host",6}  {"address",-32}{"shards",8}{"recovering",12}{"records",16}{"behind",10}  state", Title);
        foreach (var host in view.Hosts)
        {
            var answer = status.AnswerOf(host);
            var shards = status.ShardsOf(host).ToList();
            var state = host.IsLeaving ? "leaving" : answer is null ? "does not answer" : answer.IsReady ? "ready" : answer.WhyNot;
            console.WriteLine(
                $"{host.Id.Value,6}  {host.Endpoint,-32}{shards.Count,8}{(answer is null ? "-" : Shown.Count(answer.ShardsRecovering)),12}"
                + $"{Shown.Count(shards.Sum(shard => shard.Head)),16}{(status.Behind(host) is { } behind ? Shown.Count(behind) : "-"),10}  {state}");
        }

        if (withShards)
            Write(console, status);
    }

    private static void Write(IAnsiConsole console, ClusterStatus status)
    {
        console.WriteLine();
        console.WriteLine($"{"shard",6}{"host",8}{"epoch",8}{"head",14}{"format",8}  state", Title);
        foreach (var shard in status.View.Shards)
        {
            var owner = shard.Owner == HostId.None ? "-" : shard.Owner.ToString();
            console.WriteLine($"{shard.Shard,6}{owner,8}{shard.Epoch,8}{Shown.Count(shard.Head),14}{shard.Format,8}  {status.StateOf(shard)}");
        }
    }

    private static string Plural(int count, string what) => $"{count} {what}{(count == 1 ? "" : "s")}";
}
