using Akka.Actor;
using Akka.Serialization;
using Amoe.Engine.Actors.Addressing;
using Amoe.Engine.Bytes;
using Amoe.Engine.Domain;
using Amoe.Engine.Journal;
using Amoe.Engine.Partitions;
using Amoe.Engine.Partitions.Quarantine;
using Amoe.Engine.Partitions.Sessions;
using Amoe.Engine.Partitions.Wire;

namespace Amoe.Engine.Actors.Sharding;

/// <summary>
/// Messages between hosts, and between hosts and senders, as bytes. Bytes that no writer made throw
/// <see cref="InvalidDataException"/>.
/// </summary>
internal sealed class WireSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    private const string ToPartitionManifest = "P";
    private const string SessionManifest = "S";
    private const string ToActorManifest = "C";
    private const string ReplyManifest = "R";
    private const string PostAskedManifest = "Q";
    private const string PostAnsweredManifest = "A";
    private const string LetGoManifest = "L";
    private const string TakenManifest = "T";
    private const string QuarantineManifest = "U";
    private const string OpenDayManifest = "D";
    private const string DayOpenedManifest = "O";
    private const string DayNotOpenedManifest = "N";

    public override int Identifier => 1166;

    public override string Manifest(object o) => o switch
    {
        ToPartition => ToPartitionManifest,
        SessionMessage => SessionManifest,
        ToActor => ToActorManifest,
        Reply => ReplyManifest,
        RelayAsked => PostAskedManifest,
        RelayAnswered => PostAnsweredManifest,
        LetGo => LetGoManifest,
        Taken => TakenManifest,
        QuarantineMessage => QuarantineManifest,
        OpenDay => OpenDayManifest,
        DayOpened => DayOpenedManifest,
        DayNotOpened => DayNotOpenedManifest,
        _ => throw Unknown(o.GetType().Name),
    };

    public override byte[] ToBinary(object obj)
    {
        var w = new ByteWriter();
        switch (obj)
        {
            case ToPartition to:
                w.Varint((ulong)to.Partition);
                SessionCodec.Write(w, to.Message as SessionMessage ?? throw Unknown(to.Message.GetType().Name));
                break;
            case SessionMessage message:
                SessionCodec.Write(w, message);
                break;
            case ToActor to:
                CommandCodec.Write(w, to.Command);
                break;
            case Reply reply:
                w.UInt64(reply.Command.Value);
                ReplyCodec.Write(w, reply);
                break;
            case RelayAsked asked:
                return asked.Question;
            case RelayAnswered answered:
                return answered.Answer;
            case LetGo letGo:
                w.Varint((ulong)letGo.Partition);
                break;
            case Taken taken:
                w.Varint((ulong)taken.Partition);
                break;
            case QuarantineMessage message:
                QuarantineCodec.Write(w, message);
                break;
            case OpenDay open:
                w.Date(open.Wanted.Next, 0);
                w.Date(open.Wanted.Day, open.Wanted.Next.DayNumber);
                w.Varint((ulong)open.Partition);
                break;
            case DayOpened opened:
                w.Date(opened.Day, 0);
                w.Varint((ulong)opened.Rulebook);
                break;
            case DayNotOpened:
                break;
            default:
                throw Unknown(obj.GetType().Name);
        }

        return w.Written.ToArray();
    }

    public override object FromBinary(byte[] bytes, string manifest)
    {
        var r = new ByteReader(bytes);
        switch (manifest)
        {
            case ToPartitionManifest:
                var partition = r.Int();
                return new ToPartition(partition, SessionCodec.Read(bytes.AsSpan(bytes.Length - r.Left)));
            case SessionManifest:
                return SessionCodec.Read(bytes);
            case ToActorManifest:
                return ToActor.Of(CommandCodec.Read(ref r, r.Byte()));
            case ReplyManifest:
                var command = new CommandId(r.UInt64());
                return ReplyCodec.Read(ref r, r.Byte()) with { Command = command };
            case PostAskedManifest:
                return new RelayAsked(bytes);
            case PostAnsweredManifest:
                return new RelayAnswered(bytes);
            case LetGoManifest:
                return new LetGo(r.Int());
            case TakenManifest:
                return new Taken(r.Int());
            case QuarantineManifest:
                return QuarantineCodec.Read(bytes);
            case OpenDayManifest:
                var next = r.Date(0);
                return new OpenDay(new DayWanted(next, r.Date(next.DayNumber)), r.Int());
            case DayOpenedManifest:
                return new DayOpened(r.Date(0), r.Int());
            case DayNotOpenedManifest:
                return DayNotOpened.Instance;
            default:
                throw Unknown(manifest);
        }
    }

    private static InvalidDataException Unknown(string what) => new($"{what} has no encoding between hosts");
}

/// <summary>
/// Refuses every message that has no serializer of its own: what can be sent over the network is what is listed.
/// </summary>
internal sealed class NoSerializer(ExtendedActorSystem system) : Serializer(system)
{
    public override int Identifier => 1167;

    public override bool IncludeManifest => false;

    public override byte[] ToBinary(object obj) =>
        throw new InvalidDataException($"{obj.GetType().FullName} has no encoding between hosts");

    public override object FromBinary(byte[] bytes, Type type) =>
        throw new InvalidDataException("a message without an encoding between hosts");
}
