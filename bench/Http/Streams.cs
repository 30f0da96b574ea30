using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using Amoe.Bench.Peers;

namespace Amoe.Bench.Http;

/// <summary>Sends a claim for each of many students as one stream, and reads every answer.</summary>
internal static class Streams
{
    /// <exception cref="PeerException">An answer is missing, out of order, or not that it was done.</exception>
    public static async Task<HttpPoint> ClaimsAsync(Load load, int count, Func<long> student, CancellationToken stop)
    {
        long[] students = [.. Enumerable.Range(0, count).Select(_ => student())];
        await RegisterAsync(load.Server, students, stop);
        using var client = ClientOf(load.Server);
        var lines = Lines(students, Calls.ClaimLine);
        var (before, start) = (load.Use(), Stopwatch.GetTimestamp());
        await SendAsync(client, "claims", lines, count, stop);
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return HttpPoint.Of(HttpPoint.ClaimStream, 1, seconds, count, load.Use() - before);
    }

    /// <summary>Has students entitled from last year's files on.</summary>
    /// <exception cref="PeerException">One was not registered.</exception>
    public static async Task RegisterAsync(Server server, IReadOnlyList<long> students, CancellationToken stop)
    {
        using var client = ClientOf(server);
        await SendAsync(client, "enrolment", Lines(students, Calls.RegistrationLine), students.Count, stop);
    }

    private static HttpClient ClientOf(Server server)
    {
        var client = new HttpClient
        {
            BaseAddress = new Uri($"http://{server.EndPoint}"),
            Timeout = TimeSpan.FromMinutes(10),
        };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", server.Key);
        return client;
    }

    private static byte[] Lines(IEnumerable<long> students, Func<long, string> line)
    {
        var lines = new StringBuilder();
        foreach (var student in students)
            lines.Append(line(student)).Append('\n');
        return Encoding.ASCII.GetBytes(lines.ToString());
    }

    private static async Task SendAsync(HttpClient client, string kind, byte[] lines, int count, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"/v1/streams/{kind}", UriKind.Relative))
        {
            Content = new ByteArrayContent(lines),
        };
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
        using var answers = new StreamReader(await response.Content.ReadAsStreamAsync(stop));
        var read = 0;
        while (await answers.ReadLineAsync(stop) is { } answer)
        {
            read++;
            if (!answer.StartsWith($"{{\"line\":{read},", StringComparison.Ordinal)
                || !answer.Contains("\"outcome\":\"done\"", StringComparison.Ordinal))
                throw new PeerException($"answer {read} of the stream of {kind} is {answer}");
        }

        if (read != count)
            throw new PeerException($"the stream of {kind} had {read} answers to {count} lines");
    }
}
