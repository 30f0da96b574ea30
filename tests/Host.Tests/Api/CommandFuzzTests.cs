using System.Text;
using Amoe.Engine.Tests;
using Amoe.Host.Api.Commands;

namespace Amoe.Host.Tests.Api;

/// <summary>No bytes make the reader throw, and what it reads is a command like any other.</summary>
[Trait("Breadth", "full")]
public sealed class CommandFuzzTests
{
    private static readonly byte[][] _pieces =
    [
        .. new[]
        {
            "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u", "\\ud800", "\\udfff", "null", "true", "-", "0", "1e999",
            "99999999999999999999999", ".5", "\uFEFF", "\u202E", "\u0000", "/*", "//",
            "[[[[[[[[[[", "{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":", "\"command\":\"declare\",", "\"claim\":5,",
            "\"lines\":[{", "\"teeth\":[11,\"upper\"]", "\"has\":[\"invoice\"]",
        }.Select(Encoding.UTF8.GetBytes), [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xFF], [0xF4, 0x90, 0x80, 0x80],
    ];

    [Fact]
    public void Changed_and_random_bytes_never_throw_and_what_is_read_can_be_written_and_read_again()
    {
        var (read, refused) = (0, 0);
        Properties.Check(
            Properties.FromSeeds(random => (Bytes: Mutated(random), random.Next(2) == 0)),
            one =>
            {
                var context = ApiMaker.Empty with { TakesKnown = one.Made.Item2 };
                if (!CommandJson.TryRead(one.Made.Bytes, context, out var command, out var fault))
                {
                    refused++;
                    Assert.Contains(fault.Code, FaultCode.All.Select(one => one.Code));
                    Assert.StartsWith(fault.Path, fault.Text, StringComparison.Ordinal);
                    Assert.True(fault.Text.Length < 500 && !fault.Text.Any(char.IsControl), fault.Text);
                    return true;
                }

                read++;
                ApiMaker.AssertSame(command, ApiMaker.Read(ApiMaker.Written(command), ApiMaker.Empty));
                return true;
            },
            count: Breadth.Of(50_000, 2_000_000));
        Assert.True(
            read > 1_000 && refused > 10_000,
            $"{read} were read and {refused} refused: the bytes are changed too much, or too little");
    }

    [Fact]
    public void A_command_cut_short_is_refused_wherever_it_is_cut()
    {
        foreach (var type in ApiMaker.Types)
        {
            var json = ApiMaker.Written(ApiMaker.Of(new Random(2), type));
            for (var length = 0; length < json.Length; length++)
            {
                Assert.False(CommandJson.TryRead(json.AsSpan(0, length), ApiMaker.Empty, out _, out var fault));
                Assert.Equal(FaultCode.NotJson, fault.Code);
            }
        }
    }

    /// <summary>
    /// A true command with up to a few bytes or pieces changed, now and then nothing but random bytes.
    /// </summary>
    private static byte[] Mutated(Random random)
    {
        if (random.Next(10) == 0)
        {
            var bytes = new byte[random.Next(200)];
            random.NextBytes(bytes);
            return bytes;
        }

        List<byte> json = [.. ApiMaker.Written(ApiMaker.Any(random))];
        for (var changes = random.Next(4); changes > 0; changes--)
        {
            var at = random.Next(json.Count);
            switch (random.Next(5))
            {
                case 0:
                    json[at] = (byte)random.Next(256);
                    break;
                case 1:
                    json[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    json.InsertRange(at, _pieces[random.Next(_pieces.Length)]);
                    break;
                case 3:
                    json.RemoveRange(at, random.Next(Math.Min(20, json.Count - at)));
                    break;
                default:
                    json.InsertRange(at, json.GetRange(at, random.Next(Math.Min(40, json.Count - at))));
                    break;
            }
        }

        return [.. json];
    }
}
