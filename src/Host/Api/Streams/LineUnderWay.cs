using System.Text.Json;
using Amoe.Engine.Domain;
using Amoe.Host.Access;
using Amoe.Host.Api.Commands;

namespace Amoe.Host.Api.Streams;

/// <summary>A line of a stream whose answer is not written yet. Each is used again and again.</summary>
/// <param name="isOfHostsDay">
/// True where the host says on which day it became known: it is late, and not answered, where that day was over when it
/// came to its partition.
/// </param>
/// <param name="changed">Called once it is answered or late, on any thread.</param>
internal sealed class LineUnderWay(bool isOfHostsDay, Action<LineUnderWay> changed) : IReplyTo
{
    private volatile LineState _state;

    /// <summary>In which line of the body it begins.</summary>
    public long Number { get; set; }

    /// <summary>Null where the line is none.</summary>
    public Command? Command { get; set; }

    public Reply Reply { get; private set; }

    /// <summary>What is wrong with the line; null where nothing is.</summary>
    public JsonFault? Fault { get; private set; }

    public LineState State => _state;

    public bool IsAnswered => _state == LineState.Answered;

    /// <summary>True where the fault is that the sender may not send this.</summary>
    public bool IsForbidden { get; private set; }

    public void Forbid(Refusal refusal)
    {
        IsForbidden = true;
        Fail(new JsonFault("", refusal.Code, refusal.Text));
    }

    public void Fail(JsonFault fault)
    {
        Fault = fault;
        Become(LineState.Answered);
    }

    public void OnReply(StudentId student, in Reply reply)
    {
        Reply = reply;
        Become(reply.Outcome == Outcome.Stale && isOfHostsDay ? LineState.Late : LineState.Answered);
    }

    /// <summary>A late line becomes a command of another day, and is to be posted again.</summary>
    public void Begin(Command command)
    {
        Command = command;
        _state = LineState.Waiting;
    }

    /// <summary>A late line is answered as it was, or otherwise.</summary>
    public void Answer(Outcome outcome)
    {
        Reply = new Reply(Command!.Id, outcome);
        Become(LineState.Answered);
    }

    public void Forget()
    {
        _state = LineState.Waiting;
        (Command, Fault, IsForbidden) = (null, null, false);
    }

    /// <summary>Writes the answer.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteNumber("line"u8, Number);
        if (Fault is { } fault)
        {
            json.WriteString("outcome"u8, IsForbidden ? "forbidden"u8 : "malformed"u8);
            json.WriteString("code"u8, fault.Code);
            if (fault.Path.Length > 0)
                json.WriteString("path"u8, fault.Path);
            json.WriteString("text"u8, fault.Text);
        }
        else if (Command is not null)
        {
            ReplyJson.WriteFields(json, Command.Student, Reply);
        }
        else
        {
            ReplyJson.WriteOutcome(json, Reply.Outcome);
        }

        json.WriteEndObject();
        json.Flush();
    }

    private void Become(LineState state)
    {
        _state = state;
        changed(this);
    }
}

/// <summary>How far a line has come.</summary>
internal enum LineState : byte
{
    /// <summary>It has no answer.</summary>
    Waiting,

    /// <summary>Its day was over: nothing of it was journalled.</summary>
    Late,

    Answered,
}
