using System.Net;
using Amoe.Engine.Actors;
using Amoe.Engine.Cluster;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Hosts;
using Amoe.Engine.Journal.Ownership;
using Amoe.Host.Http;

namespace Amoe.Host.Running;

/// <summary>One host of a cluster, from its start to its end.</summary>
internal sealed class ServeRun(ServeRequest request, Terminal terminal)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(10);

    private readonly LinkOptions _linkOptions = new();
    private volatile ClusterNode? _node;

    /// <summary>Joins, serves until it is to stop, hands over and leaves.</summary>
    /// <param name="joined">Told once it listens and has joined: under which address, as which host.</param>
    /// <exception cref="JournalException">The store cannot be reached at the start, or is not one this program can use.</exception>
    /// <exception cref="InputException">The secret's file or the address cannot be used.</exception>
    public async Task RunAsync(Action<string, HostId> joined, CancellationToken stop)
    {
        var secret = PeersSecret.Load(request.SecretPath);
        using var journal = HostsJournal.Open(request.Journal);
        using var snapshots = journal.OpenSnapshots(terminal.Line);
        using var ownership = journal.OpenOwnership(request.Lease, isAmongHosts: true);
        using var incoming = new IncomingLinks(secret, _linkOptions, terminal.Time, terminal.Line);
        await using var links = new HttpLinks(secret, PeerRole.Host, _linkOptions, terminal.Time, terminal.Line);
        await using var server = await HostServer.StartAsync(request.Listen, _linkOptions, new HostPages(() => State().Page, incoming.TakeAsync).ServeAsync);
        var endpoint = request.Advertise?.GetLeftPart(UriPartial.Authority) ?? $"http://{server.EndPoint}";
        if (!IPAddress.IsLoopback(request.Listen.Address))
            terminal.Line($"{server.EndPoint} can be reached from other machines, and what goes over links between hosts is not encrypted: keep them in a network of their own");
        var setup = new ClusterSetup(
            journal, snapshots, ownership, new AmoeLogic(JournalRulebooks.Current(journal)), endpoint, terminal.Time, terminal.Line)
        {
            Engine = new EngineOptions { Threads = request.Threads },
            Cluster = new ClusterOptions { Lease = request.Lease },
            Source = ProcessSource.Draw(),
            Links = listener =>
            {
                incoming.Listen(listener);
                links.Listen(listener);
                return links;
            },
        };
        await using var node = ClusterNode.Start(setup);
        _node = node;
        if (await JoinedAsync(node, stop) is { } host)
            joined(endpoint, host);
        await Stopped(stop);
        await node.DisposeAsync();

        // A host that has left answers nothing any more. Who still sends to it is to know at once and go to the next owner; the server alone would let him wait.
        incoming.Dispose();
    }

    private HostState State() => _node is { } node ? HostState.Of(node, request.Lease) : HostState.Starting;

    /// <summary>Null when it is to stop before.</summary>
    private async Task<HostId?> JoinedAsync(ClusterNode node, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(LookEvery, terminal.Time);
        while (node.Member.Me == HostId.None)
        {
            try
            {
                await timer.WaitForNextTickAsync(stop);
            }
            catch (OperationCanceledException)
            {
                return null;
            }
        }

        return node.Member.Me;
    }

    private static Task Stopped(CancellationToken stop)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        stop.Register(() => stopped.TrySetResult());
        return stopped.Task;
    }
}
