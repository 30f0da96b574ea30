using System.IO.Compression;
using System.Text;

namespace Amoe.Host.Tests.Api;

/// <summary>What an attack is made of, and how its answer is read.</summary>
internal enum AttackKind
{
    /// <summary>One command whose body is anything; the request itself is sound and is answered.</summary>
    Body,

    /// <summary>
    /// A stream of lines that are anything, packed or in chunks; the request itself is sound and is answered.
    /// </summary>
    Stream,

    /// <summary>A request that is not sound, around declarations that are. The host may answer it, or close.</summary>
    Framing,
}

/// <summary>The bytes of one connection to a host, made from a seed.</summary>
/// <param name="Students">Students that it may declare, where the answer may not say whether it did.</param>
/// <param name="IsWhole">True where the host answers all of it, and closes the connection then.</param>
internal sealed record Attack(AttackKind Kind, byte[] Bytes, IReadOnlyList<ulong> Students, bool IsWhole = true)
{
    /// <summary>A sound request behind others, with which the connection ends.</summary>
    public const string Last = "GET /health/live HTTP/1.1\r\nHost: amoe\r\nConnection: close\r\n\r\n";

    /// <summary>Shapes of a request that is not sound.</summary>
    private const int Shapes = 17;

    /// <summary>Students of one attack.</summary>
    private const int StudentsOfOne = 16;

    /// <summary>
    /// Attacks until the same students come again, of the same kind: a host that has met them all has nothing more to
    /// remember.
    /// </summary>
    private const int Attacks = 300;

    private const ulong FirstStudent = 1_000_000;

    /// <summary>So far from those of the others that no change of a line names one of these.</summary>
    private const ulong FirstFramed = 777_777_777_000_000;

    private static readonly Encoding[] _encodings = [
        Encoding.Unicode, Encoding.BigEndianUnicode, Encoding.UTF32, Encoding.Latin1,
        new UTF8Encoding(encoderShouldEmitUTF8Identifier: true)
    ];

    /// <summary>What is put into JSON: numbers, depth, controls, directions, what is no UTF-8.</summary>
    private static readonly byte[][] _pieces =
    [
        .. new[]
        {
            "1e999", "-0", "0.1", "NaN", new string('9', 400), new string('[', 5_000),
            string.Concat(Enumerable.Repeat("{\"a\":", 3_000)), "\u202Ee\u2066", "\u0000", "\u0007", "\uFEFF",
            "\\ud800", "\\u0000",
            "\"reference\":1,", "\"student\":7,", "null", "\"\"", "/*", "}", "{}", ",", "الطالب", "😀", "__proto__",
        }.Select(Encoding.UTF8.GetBytes), [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xFF, 0xFE], [0xC7, 0xE1],
        [0xF4, 0x90, 0x80, 0x80],
    ];

    /// <summary>The attack of a seed.</summary>
    /// <param name="number">How many attacks there were before on the same host: it says which students.</param>
    /// <param name="authorization">The header of a caller that may make every call.</param>
    public static Attack Of(int seed, int number, string authorization)
    {
        var random = new Random(seed);
        var kind = (AttackKind)(number % 3);
        var from = kind == AttackKind.Framing ? FirstFramed : FirstStudent;
        ulong[] students = [.. Enumerable.Range(0, StudentsOfOne)
            .Select(i => from + (ulong)(number % Attacks * StudentsOfOne + i))];
        return kind switch
        {
            AttackKind.Body => OfBody(random, students[0], authorization),
            AttackKind.Stream => OfStream(random, students, authorization),
            _ => OfFraming(random, students, authorization),
        };
    }

    /// <summary>Lines packed by gzip.</summary>
    public static byte[] Packed(byte[] lines)
    {
        using var packed = new MemoryStream();
        using (var packing = new GZipStream(packed, CompressionLevel.Fastest))
            packing.Write(lines);
        return packed.ToArray();
    }

    /// <summary>A request whose body is as long as it says.</summary>
    public static byte[] Request(string line, string authorization, byte[] body, string headers = "") =>
        [
            .. Encoding.UTF8.GetBytes(
                $"{line} HTTP/1.1\r\nHost: amoe\r\nAuthorization: {authorization}\r\nContent-Length: {body.Length}\r\n{headers}\r\n"),
            .. body
        ];

    private static Attack OfBody(Random random, ulong student, string authorization)
    {
        var body = random.Next(8) == 0
            ? _encodings[random.Next(_encodings.Length)].GetBytes($"\uFEFF{Lines.Declare()}")
            : Changed(random, Encoding.UTF8.GetBytes(Lines.Declare()));
        return new Attack(
            AttackKind.Body,
            Request($"POST /v1/students/{student}/declare", authorization, body, "Connection: close\r\n"), []);
    }

    private static Attack OfStream(Random random, ulong[] students, string authorization)
    {
        byte[] lines = [.. students.SelectMany(student =>
            Changed(random, Encoding.UTF8.GetBytes(Lines.DeclarationOf(student))).Append((byte)'\n'))];
        var line = $"POST /v1/streams/{(random.Next(4) == 0 ? "mixed" : "enrolment")}";
        var headers = "Connection: close\r\n";
        if (random.Next(2) == 0)
        {
            lines = Packed(lines);
            headers += "Content-Encoding: gzip\r\n";
            if (random.Next(3) == 0)
                lines = lines[..random.Next(lines.Length)];
            else if (random.Next(2) == 0)
                lines[random.Next(lines.Length)] ^= (byte)(1 << random.Next(8));
        }

        return new Attack(AttackKind.Stream, random.Next(2) == 0
            ? Request(line, authorization, lines, headers)
            : [
                .. Encoding.UTF8.GetBytes(
                    $"{line} HTTP/1.1\r\nHost: amoe\r\nAuthorization: {authorization}\r\nTransfer-Encoding: chunked\r\n{headers}\r\n"),
                .. Chunked(random, lines)
            ], []);
    }

    /// <summary>A body in chunks of any size, with extensions and a trailer.</summary>
    private static byte[] Chunked(Random random, byte[] body)
    {
        List<byte> chunks = [];
        for (var at = 0; at < body.Length;)
        {
            var length = Math.Min(body.Length - at, random.Next(3) == 0 ? 1 : random.Next(1, 900));
            chunks.AddRange(
                Encoding.ASCII.GetBytes(
                    $"{new string('0', random.Next(3))}{length:X}{(random.Next(4) == 0 ? ";a=b" : "")}\r\n"));
            chunks.AddRange(body.AsSpan(at, length));
            chunks.AddRange("\r\n"u8);
            at += length;
        }

        chunks.AddRange(random.Next(2) == 0 ? "0\r\n\r\n"u8 : "0\r\nX-Trailer: t\r\n\r\n"u8);
        return [.. chunks];
    }

    private static Attack OfFraming(Random random, ulong[] students, string authorization)
    {
        // Where what is behind it cannot be its body, a sound request is.
        var shape = random.Next(Shapes);
        var isWhole = shape is 1 or 3 or 4 or 10 or 13;
        var bytes = Framed(shape, random, students, authorization);
        return new Attack(
            AttackKind.Framing, isWhole ? [.. bytes, .. Encoding.UTF8.GetBytes(Last)] : bytes, students, isWhole);
    }

    private static byte[] Framed(int shape, Random random, ulong[] students, string authorization)
    {
        var body = Encoding.UTF8.GetBytes(Lines.Declare());
        var line = $"POST /v1/students/{students[0]}/declare";
        var hidden = Request($"POST /v1/students/{students[1]}/declare", authorization, body);
        var head = $"Host: amoe\r\nAuthorization: {authorization}\r\n";
        byte[] Raw(string text, byte[]? then = null) => [.. Encoding.UTF8.GetBytes(text), .. then ?? body];

        return shape switch
        {
            // A length that is too long, too short, none, or two.
            0 => Raw($"{line} HTTP/1.1\r\n{head}Content-Length: {body.Length + random.Next(1, 70_000)}\r\n\r\n"),
            1 =>
                Raw(
                    $"{line} HTTP/1.1\r\n{head}Content-Length: {random.Next(body.Length)}\r\n\r\n",
                    [.. body, .. hidden]),
            2 =>
                Raw(
                    $"{line} HTTP/1.1\r\n{head}Content-Length: {Any(random, "-1", "+5", "0x10", "99999999999999999999", "9223372036854775807", "", "5, 5", " ", "1e3")}\r\n\r\n"),
            3 =>
                Raw(
                    $"{line} HTTP/1.1\r\n{head}Content-Length: {body.Length}\r\nContent-Length: {body.Length + hidden.Length}\r\n\r\n",
                    [.. body, .. hidden]),
            4 =>
                Raw(
                    $"{line} HTTP/1.1\r\n{head}Content-Length: {body.Length}\r\nTransfer-Encoding: {Any(random, "chunked", "Chunked", "chunked, identity", "gzip, chunked", "x", "\tchunked")}\r\n\r\n",
                    [.. body, .. hidden]),
            5 =>
                Raw(
                    $"{line} HTTP/1.1\r\n{head}Transfer-Encoding: chunked\r\n\r\n{Any(random, "FFFFFFFFFFFFFFFF", "-1", "g", "", "7FFFFFFF", new string('0', 9_000), "5;" + new string('a', 9_000))}\r\n",
                    [.. body, .. hidden]),
            6 =>
                Raw(
                    $"{line} HTTP/1.1\r\n{head}Transfer-Encoding: chunked\r\n\r\n{body.Length:X}\r\n",
                    body[..random.Next(body.Length)]),

            // A head that is too much, or none.
            7 =>
                Raw(
                    $"{line} HTTP/1.1\r\n{head}{string.Concat(Enumerable.Range(0, random.Next(90, 3_000)).Select(i => $"X-{i}: {i}\r\n"))}Content-Length: {body.Length}\r\n\r\n"),
            8 =>
                Raw(
                    $"GET /{new string(Any(random, 'a', '/', '%', '.'), random.Next(1, 70_000))} HTTP/1.1\r\n{head}\r\n",
                    []),
            9 =>
                Raw(
                    $"{Any(random, "BREW", "PATCH", "OPTIONS", "TRACE", "CONNECT", "get", "P\0ST", new string('M', 9_000))} {Any(random, $"/v1/students/{students[0]}", "*", "http://elsewhere/v1/state", "/v1/%00", "/../../etc/passwd", "/v1/students/%ff/declare")} HTTP/1.1\r\n{head}Content-Length: {body.Length}\r\n\r\n"),
            10 =>
                Raw(
                    $"{line} HTTP/1.1\r\n{head}Accept-Language: {Changed(random, "ar-MA;q=0.8, fr;q=1.0"u8.ToArray()).Aggregate("", (text, one) => text + (char)one)}\r\nIdempotency-Key: {new string('k', random.Next(9_000))}\r\nContent-Length: {body.Length}\r\n\r\n"),
            11 =>
                Raw(
                    $"{line}{Any(random, " HTTP/9.9", " HTTP/1.1\n", "", " HTTP/1.0", " HTTP/2.0")}\r\n{head}Content-Length : {body.Length}\r\n\r\n"),
            12 => Raw($"{line} HTTP/1.1\r\n{head} folded\r\nContent-Length: {body.Length}\r\n\r\n"),

            // Many requests without waiting for an answer, and with the last one cut off.
            13 =>
                [.. students.SelectMany(student =>
                    Request($"POST /v1/students/{student}/declare", authorization, body))],
            15 =>
                [
                    .. students.SkipLast(1).SelectMany(student =>
                        Request($"POST /v1/students/{student}/declare", authorization, body)),
                    .. Encoding.UTF8.GetBytes($"POST /v1/students/{students[^1]}/dec")
                ],

            // Changed bytes: of a head behind its first line, or of a question, or nothing but random ones.
            14 =>
                [
                    .. Encoding.UTF8.GetBytes($"{line} HTTP/1.1\r\n"),
                    .. Changed(random, Encoding.UTF8.GetBytes($"{head}Content-Length: {body.Length}\r\n")), .. "\r\n"u8,
                    .. body
                ],
            _ when random.Next(2) == 0 =>
                Changed(
                    random, Request($"GET /v1/students/{students[0]}/entitlement?on=2026-02-03", authorization, [])),
            _ => [.. Enumerable.Range(0, random.Next(4_000)).Select(_ => (byte)random.Next(256))],
        };
    }

    private static T Any<T>(Random random, params T[] of) => of[random.Next(of.Length)];

    /// <summary>Up to a few bytes or pieces changed; now and then none.</summary>
    private static byte[] Changed(Random random, byte[] sound)
    {
        List<byte> bytes = [.. sound];
        for (var changes = random.Next(4); changes > 0 && bytes.Count > 1; changes--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(5))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    bytes.InsertRange(at, _pieces[random.Next(_pieces.Length)]);
                    break;
                case 3:
                    bytes.RemoveRange(at, random.Next(Math.Min(20, bytes.Count - at)));
                    break;
                default:
                    bytes.InsertRange(at, bytes.GetRange(at, random.Next(Math.Min(40, bytes.Count - at))));
                    break;
            }
        }

        return [.. bytes];
    }
}
