namespace Amoe.Engine.Domain;

/// <summary>
/// Something asked of a student's or a claim's actor, with its business time: the engine never reads a clock.
/// </summary>
/// <param name="Student">Whose actor, or whose claim's actor, it is for.</param>
/// <param name="Reference">
/// The business reference; with the kind and the attempt it is the command's id within the student.
/// </param>
/// <param name="Effective">
/// The date from which the fact holds (of receipt, of the report's fact, of the decision).
/// </param>
/// <param name="Known">The date on which the fact became known: never earlier than the partition's day.</param>
public abstract record Command(StudentId Student, ulong Reference, DateOnly Effective, DateOnly Known)
{
    public abstract CommandKind Kind { get; }

    /// <summary>Bounded where it is made, because without an id there is nothing to refuse.</summary>
    public ulong Reference
    {
        get; init =>
        field = CommandId.RequireReference(value);
    } = CommandId.RequireReference(Reference);

    /// <summary>Which attempt under the same reference this is; 0 for most.</summary>
    public byte Attempt { get; init; }

    /// <summary>
    /// True where the sender did not say from when the fact holds, and the host took the day on which it became known.
    /// The same command on a later day is then the same command, and has its first answer.
    /// </summary>
    public bool EffectiveWhenKnown { get; init; }

    public CommandId Id => new(Kind, Reference, Attempt);

    /// <summary>Distinguishes this command's content from another's under the same id.</summary>
    public uint Fingerprint()
    {
        var hash = ContentHash.Start;
        hash.Add(EffectiveWhenKnown ? default : Effective);
        AddContent(ref hash);
        return hash.Value;
    }

    /// <summary>Adds every field that is content; the order is fixed.</summary>
    protected abstract void AddContent(ref ContentHash hash);
}

/// <summary>
/// A question to an actor: answered after the commit of the last turn it could have seen, and never journalled.
/// </summary>
public abstract record Query(StudentId Student, DateOnly Known) : Command(Student, 0, Known, Known)
{
    protected sealed override void AddContent(ref ContentHash hash)
    {
    }
}
