using System.Diagnostics;
using Amoe.Bench.Ladder;

namespace Amoe.Bench.Http;

/// <summary>Drives a server with a number of connections, each with one call under way.</summary>
/// <param name="Store">Whose processor time counts beside the server's.</param>
internal sealed record Load(Server Server, ILadderStore Store, int Connections, TimeSpan WarmUp, TimeSpan Duration)
{
    /// <param name="what">The name of the measurement.</param>
    /// <param name="call">The bytes of a call about a student or person.</param>
    /// <param name="next">The student or person of the next call.</param>
    /// <param name="isRight">Looks at each answer.</param>
    public async Task<HttpPoint> DriveAsync(
        string what, Func<long, byte[]> call, Func<long> next, AnswerCheck isRight, CancellationToken stop)
    {
        var connections = new Connection[Connections];
        try
        {
            for (var i = 0; i < connections.Length; i++)
                await (connections[i] = new Connection()).OpenAsync(Server.EndPoint, stop);
            await RunAsync(connections, WarmUp, call, next, isRight, stop);
            var before = Use();
            var (seconds, latencies) = await RunAsync(connections, Duration, call, next, isRight, stop);
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
        Connection[] connections, TimeSpan time, Func<long, byte[]> call, Func<long> next, AnswerCheck isRight,
        CancellationToken stop)
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
                var about = next();
                var (bytes, begun) = (call(about), Stopwatch.GetTimestamp());
                await connection.CallAsync(bytes, about, isRight, stop);
                taken.Add(Stopwatch.GetTimestamp() - begun);
            }

            return taken;
        }
    }
}
