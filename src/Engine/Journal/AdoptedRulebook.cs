using System.Security.Cryptography;
using System.Text;
using Amoe.Engine.Domain;

namespace Amoe.Engine.Journal;

/// <summary>A rulebook a journal is written under since it was adopted.</summary>
/// <param name="Number">Which of the journal's adoptions, from 1; 0 is the rulebook it was created with.</param>
/// <param name="On">The latest day any partition had reached.</param>
/// <param name="Text">The full text.</param>
public sealed record AdoptedRulebook(int Number, DateOnly On, string Text)
{
    /// <summary>The text's SHA-256, in hexadecimal.</summary>
    public string Sha256 => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text)));

    /// <summary>The hash of the text, as in the marks on the partitions.</summary>
    public RulebookHash Hash => RulebookHash.Of(Text);

    internal void RequireNext(IReadOnlyList<AdoptedRulebook> adoptions, string journal)
    {
        if (Number != adoptions.Count + 1)
            throw new JournalException(
                $"{journal}: it has {adoptions.Count} adopted rulebooks and number {Number} was refused: nothing was written. Look again and adopt the next one.");
    }
}
