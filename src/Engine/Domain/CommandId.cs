namespace Amoe.Engine.Domain;

/// <summary>
/// A command's id within its student, made from its business reference: the kind, the reference (a claim's sheet
/// number, a list and line, an ANAM answer's number) and which attempt it is where the same reference is used again on
/// purpose (a returned file completed twice). The same id with the same content is always the same command.
/// </summary>
public readonly record struct CommandId(ulong Value)
{
    /// <summary>References are below this: 48 bits.</summary>
    public const ulong ReferenceLimit = 1UL << 48;

    public CommandId(CommandKind kind, ulong reference, byte attempt = 0)
        : this((ulong)kind << 56 | (ulong)attempt << 48 | RequireReference(reference))
    {
    }

    public CommandKind Kind => (CommandKind)(Value >> 56);

    public byte Attempt => (byte)(Value >> 48);

    public ulong Reference => Value & (ReferenceLimit - 1);

    public override string ToString() => Attempt == 0 ? $"{Kind} {Reference}" : $"{Kind} {Reference}/{Attempt}";

    /// <exception cref="ArgumentOutOfRangeException">The reference has more than 48 bits.</exception>
    internal static ulong RequireReference(ulong reference) =>
        reference < ReferenceLimit
            ? reference
            : throw new ArgumentOutOfRangeException(
                nameof(reference), reference, "a business reference has at most 48 bits");
}
