using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Amoe.Engine.Domain;

/// <summary>
/// From here on a partition is decided under another rulebook, whose text the journal has under this number.
/// </summary>
/// <param name="Number">Which of the journal's adoptions, from 1.</param>
/// <param name="Hash">Of the text, so that a mark cannot refer to another rulebook unnoticed.</param>
public sealed record RulebookAdopted(int Number, RulebookHash Hash) : Event;

/// <summary>The first eight bytes of a rulebook's SHA-256: enough to tell it from any other by mistake.</summary>
public readonly record struct RulebookHash(ulong Value)
{
    public static RulebookHash Of(string text) =>
        new(BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(text))));

    public override string ToString() => Value.ToString("x16", CultureInfo.InvariantCulture);
}
