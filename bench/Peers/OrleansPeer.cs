using System.Net;
using System.Net.Sockets;
using Amoe.Engine.Domain;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Orleans.Configuration;
using Orleans.Serialization;
using Orleans.Storage;

namespace Amoe.Bench.Peers;

/// <summary>
/// Orleans: a grain for each student in a silo of this process, whose state is written after each command by the
/// ADO.NET storage.
/// </summary>
internal sealed class OrleansPeer : IPeer
{
    private readonly IHost _host;
    private readonly IGrainFactory _grains;
    private readonly string _settings;

    private OrleansPeer(IHost host, string settings) =>
        (_host, _grains, _settings) = (host, host.Services.GetRequiredService<IGrainFactory>(), settings);

    public static async Task<IPeer> StartAsync(PeerRun run)
    {
        var settings = PeerConnections.StringOf(run);
        await using (var source = NpgsqlDataSource.Create(settings))
            await PeerConnections.ExecuteAsync(source, Schema());
        var builder = Microsoft.Extensions.Hosting.Host.CreateApplicationBuilder(
            new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.ClearProviders();
        builder.Services.AddOrleans(silo => silo
            .UseLocalhostClustering(FreePort(), FreePort())
            .Configure<SiloMessagingOptions>(options => options.ResponseTimeout = TimeSpan.FromMinutes(2))
            .AddAdoNetGrainStorageAsDefault(options => options.Configure<Serializer>((storage, serializer) =>
            {
                // The binary serializer: text would be larger and slower.
                (storage.Invariant, storage.ConnectionString) = ("Npgsql", settings);
                storage.GrainStorageSerializer = new OrleansGrainStorageSerializer(serializer);
            })));
        var host = builder.Build();
        await host.StartAsync();
        return new OrleansPeer(host, settings);
    }

    public async ValueTask<Decided> AskAsync(StudentId student, Command? command, DateOnly day)
    {
        var grain = _grains.GetGrain<IStudentGrain>((long)student.Value);
        var answer = await grain.AskAsync(new GrainRequest(command, day));
        return new Decided(answer.NextDueOn, answer.Digest, null);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
        await using var one = new NpgsqlConnection(_settings);
        NpgsqlConnection.ClearPool(one);
    }

    private static string Schema()
    {
        using var stream = typeof(OrleansPeer).Assembly.GetManifestResourceStream("orleans.sql")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

/// <summary>A student with the claims.</summary>
internal interface IStudentGrain : IGrainWithIntegerKey
{
    ValueTask<GrainAnswer> AskAsync(GrainRequest request);
}

/// <summary>Immutable, and of this process: it is handed over by reference, so the command needs no codec.</summary>
[GenerateSerializer, Immutable]
internal sealed class GrainRequest(Command? command, DateOnly day)
{
    [Id(0)]
    public DateOnly Day { get; init; } = day;

    public Decided DecideOn(StudentHistory history) => Decider.Decide(history, command, Day);
}

[GenerateSerializer, Immutable]
internal readonly record struct GrainAnswer([property: Id(0)] DateOnly NextDueOn, [property: Id(1)] ulong Digest);

/// <summary>Written whole each time: the storage knows nothing smaller.</summary>
[GenerateSerializer]
internal sealed class GrainState
{
    [Id(0)]
    public List<byte[]> Events { get; set; } = [];
}

internal sealed class StudentGrain([PersistentState("student")] IPersistentState<GrainState> state)
    : Grain, IStudentGrain
{
    private StudentHistory _history = null!;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _history = Decider.Load(new StudentId((ulong)this.GetPrimaryKeyLong()), state.State.Events);
        return Task.CompletedTask;
    }

    public async ValueTask<GrainAnswer> AskAsync(GrainRequest request)
    {
        var decided = request.DecideOn(_history);
        if (decided.Event is { } e)
        {
            state.State.Events.Add(e);
            await state.WriteStateAsync();
        }

        return new GrainAnswer(decided.NextDueOn, decided.Digest);
    }
}
