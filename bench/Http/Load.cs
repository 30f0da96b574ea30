using System.Diagnostics;
using Amoe.Bench.Ladder;

namespace Amoe.Bench.Http;

/// <summary>Drives a server with a number of connections, each with one call under way.</summary>
/// <param name="Store">Whose processor time counts beside the server's.</param>
internal sealed record Load(Server Server, ILadderStore Store, int Connections, TimeSpan WarmUp, TimeSpan Duration)
{
    /// <param name="what">The name of the measurement.</param>
    /// <param name="call">The bytes of a call about a student.</param>
    /// <param name="student">The student of the next call.</param>
    public async Task<HttpPoint> DriveAsync(
        string what, Func<long, byte[]> call, Func<long> student, CancellationToken stop)
    {
        var connections = new Connection[Connections];
        try
        {
            for (var i = 0; i < connections.Length; i++)
                await (connections[i] = new Connection()).OpenAsync(Server.EndPoint, stop);
            await RunAsync(connections, WarmUp, call, student, stop);
            var before = Use();
            var (seconds, latencies) = await RunAsync(connections, Duration, call, student, stop);
            return HttpPoint.Of(what, Connections, seconds, latencies, Use() - before);
        }
        finally
        {
            foreach (var connection in connections)
                connection?.Dispose();
        }
    }

    public HttpCpu Use() => new(Environment.CpuUsage.TotalTime.TotalSeconds, Server.CpuSeconds, Store.Use().CpuSeconds);

    private static async Task<(double Seconds, long[] Latencies)> RunAsync(
        Connection[] connections, TimeSpan time, Func<long, byte[]> call, Func<long> student, CancellationToken stop)
    {
        var start = Stopwatch.GetTimestamp();
        var latencies = await Task.WhenAll(
            connections.Select(connection => Task.Run(() => CallAsync(connection), stop)));
        return (Stopwatch.GetElapsedTime(start).TotalSeconds, [.. latencies.SelectMany(each => each).Order()]);

        async Task<List<long>> CallAsync(Connection connection)
        {
            var taken = new List<long>();
            while (Stopwatch.GetElapsedTime(start) < time)
            {
                var about = student();
                var (bytes, begun) = (call(about), Stopwatch.GetTimestamp());
                await connection.CallAsync(bytes, about, stop);
                taken.Add(Stopwatch.GetTimestamp() - begun);
            }

            return taken;
        }
    }
}
