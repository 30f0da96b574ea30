using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Host.Access;
using Amoe.Host.Api.Commands;

namespace Amoe.Host.Api.Streams;

/// <summary>Which commands a stream takes. The names are in its address.</summary>
internal enum StreamKind
{
    /// <summary>Commands to students.</summary>
    Enrolment,

    /// <summary>Commands to claims.</summary>
    Claims,

    /// <summary>Both, in one order, as a simulation exports them.</summary>
    Mixed,

    /// <summary>Both, as they were decided before the first business day, in the order of their days.</summary>
    Opening,
}

/// <summary>Which lines of a stream are for it.</summary>
/// <param name="takesKnown">
/// True where the clock is the stream's: its lines say on which day they became known, and which days open.
/// </param>
/// <param name="caller">Whose stream it is.</param>
internal sealed class StreamRules(StreamKind kind, bool takesKnown, Caller caller, Ownership ownership)
{
    public bool TakesKnown => takesKnown || IsOpening;

    /// <summary>True where the stream is of opening balances: a line of a later day opens the days up to it.</summary>
    public bool IsOpening => kind == StreamKind.Opening;

    public StreamKind Kind => kind;

    /// <summary>A line with its command, or with why this stream or this caller does not send it.</summary>
    public ReadLine Check(ReadLine line, Command command) =>
        FaultOf(command) is { } fault ? line with { Fault = fault }
        : !IsOpening && Permissions.Allows(caller, command) is { } refusal ? line with { Refusal = refusal }
        : line with { Command = command };

    private JsonFault? FaultOf(Command command) => command switch
    {
        Query => new JsonFault("/command", "unknown_value", "a stream has no questions: ask with a call of its own"),
        ClaimCommand when kind == StreamKind.Enrolment =>
            new JsonFault(
                "/command", "unknown_value",
                "this stream is of enrolment: send commands to claims to /v1/streams/claims"),
        not ClaimCommand when kind == StreamKind.Claims =>
            new JsonFault(
                "/command", "unknown_value",
                "this stream is of claims: send commands to students to /v1/streams/enrolment"),
        _ => null,
    };

    /// <summary>True where the scheme has to be asked whose the student or claim is.</summary>
    public bool MustAsk(Command command) => !IsOpening && Ownership.MustAsk(caller, command);

    /// <inheritdoc cref="Ownership.RefuseAsync(Caller, Command)"/>
    public ValueTask<Refusal?> RefuseAsync(Command command) => ownership.RefuseAsync(caller, command);
}
