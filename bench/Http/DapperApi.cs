using System.Buffers;
using System.Text.Json;
using Amoe.Bench.Peers;
using Amoe.Engine.Domain;
using Amoe.Engine.Text;
using Amoe.Host.Api.Commands;
using Amoe.Host.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Amoe.Bench.Http;

/// <summary>
/// The textbook way: a minimal API whose every request loads the student, decides and appends with Dapper, in one
/// durable transaction.
/// </summary>
/// <remarks>
/// The aggregate, the rules, the JSON and the bytes are the engine's. In its favour: no key is asked for, no caller is
/// limited, no business day is opened, and a student's due dates are known without a table of them.
/// </remarks>
internal static class DapperApi
{
    /// <summary>Serves until standard input closes; where is one line of JSON on standard output.</summary>
    /// <param name="connection">Of an empty database.</param>
    public static async Task RunAsync(string connection)
    {
        await using var students = await DapperPeer.StartAsync(connection);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var application = builder.Build();
        application.MapPost("/v1/students/{student}/{command}", PostAsync);
        application.MapGet("/health/ready", () => "ready");
        await application.StartAsync();
        Console.Out.WriteLine(JsonSerializer.Serialize(new { endpoint = application.Urls.First() }));
        while (Console.In.Read() >= 0)
        {
            // Nothing is said to it.
        }

        async Task<IResult> PostAsync(ulong student, string command, HttpContext context)
        {
            var today = DateOnly.FromDateTime(DateTime.UtcNow);
            var (id, isKnown) = (new StudentId(student), SnakeCase<CommandKind>.TryParse(command, out var kind));
            if (!isKnown || await Body.ReadAsync(context) is not { } body)
                return Results.BadRequest();
            var about = new CommandContext(kind, id, Claim: null, today, TakesKnown: false);
            if (!CommandJson.TryRead(body.Span, about, out var decoded, out var fault))
                return Results.BadRequest(fault.Text);
            var decided = await students.AskAsync(id, decoded, today);
            return Results.Bytes(Write(id, decided.Reply), "application/json");
        }
    }

    private static byte[] Write(StudentId student, Reply reply)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            ReplyJson.WriteFields(json, student, reply);
            json.WriteEndObject();
        }

        return bytes.WrittenSpan.ToArray();
    }
}
