using System.Collections.Concurrent;
using System.Reflection;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;

namespace Amoe.Engine.Tests.Journal;

/// <summary>
/// Makes any event by its constructor, every field drawn from all that its type can hold. A new event needs nothing
/// here.
/// </summary>
internal sealed class Maker(Random random, ulong claim, bool everyDate = true)
{
    // Reflection finds these anew each time, and properties make millions of events.
    private static readonly ConcurrentDictionary<Type, (ConstructorInfo, ParameterInfo[])> Constructors = new();
    private static readonly ConcurrentDictionary<Type, Array> EnumValues = new();

    public static Type[] EventTypes { get; } = [.. Concrete(typeof(Event))];

    public static Type[] CommandTypes { get; } = [.. Concrete(typeof(Command))
        .Where(type => !type.IsSubclassOf(typeof(Query)))];

    public Event Event() => Event(EventTypes[random.Next(EventTypes.Length)]);

    public Event Event(Type type) => (Event)Construct(type);

    /// <summary>A command or a question, now and then another attempt.</summary>
    public Command Command(Type type)
    {
        var constructor = ConstructorOf(type);
        var command = (Command)constructor.Invoke([.. constructor.GetParameters().Select(parameter =>
            parameter.Name is "Reference"
                ? (ulong)Whole() % CommandId.ReferenceLimit
                : Value(parameter.ParameterType, parameter.Name!))]);
        return random.Next(3) == 0 ? command with { Attempt = (byte)Whole() } : command;
    }

    public static ConstructorInfo ConstructorOf(Type type) =>
        type.GetConstructors().MaxBy(constructor => constructor.GetParameters().Length)!;

    public object? Value(Type type, string name)
    {
        if (type == typeof(ulong) && name == "Claim")
            return claim;
        if (Nullable.GetUnderlyingType(type) is { } inner)
            return random.Next(3) == 0 ? null : Value(inner, name);
        if (type == typeof(FileItems))
            return (FileItems)random.Next((int)FileItems.All + 1);
        if (type == typeof(Circumstances))
            return (Circumstances)random.Next(16);
        if (type.IsEnum)
        {
            var values = EnumValues.GetOrAdd(type, Enum.GetValues);
            return values.GetValue(random.Next(values.Length));
        }

        if (type == typeof(DateOnly))
            return Date();
        if (type == typeof(ClaimLine[]))
            return Many<ClaimLine>(DepositClaim.MaxLines);
        if (type == typeof(Payment[]))
            return Many<Payment>(5);
        if (type == typeof(Period[]))
            return Many<Period>(5);
        if (type == typeof(LineOutcome[]))
            return Many<LineOutcome>(DepositClaim.MaxLines);
        if (type == typeof(RevisedClaim[]))
            return Many<RevisedClaim>(5);
        if (type == typeof(string))
            return string.Concat(Enumerable.Range(0, random.Next(200)).Select(_ => "aé٣-."[random.Next(5)]));
        if (type == typeof(long[]))
            return Enumerable.Range(0, random.Next(300)).Select(_ => random.Next(3) == 0 ? Whole() : 7).ToArray();
        return Type.GetTypeCode(type) switch
        {
            TypeCode.Byte => (byte)Whole(),
            TypeCode.Boolean => random.Next(2) == 0,
            TypeCode.UInt16 => (ushort)Whole(),
            TypeCode.Int32 => (int)Whole(),
            TypeCode.UInt32 => (uint)Whole(),
            TypeCode.Int64 => Whole(),
            TypeCode.UInt64 => (ulong)Whole(),
            _ => Construct(type),
        };
    }

    public DateOnly Date() => everyDate && random.Next(20) == 0
        ? random.Next(2) == 0 ? DateOnly.MinValue : DateOnly.MaxValue
        : new DateOnly(2016, 1, 1).AddDays(random.Next(-20_000, 20_000));

    /// <summary>Small, large, at the edges, below zero.</summary>
    public long Whole() => random.Next(6) switch
    {
        0 => 0,
        1 => random.Next(200),
        2 => random.NextInt64(),
        3 => -random.NextInt64(),
        4 => random.Next(2) == 0 ? int.MinValue : int.MaxValue,
        _ => random.Next(2) == 0 ? long.MinValue : long.MaxValue,
    };

    private T[] Many<T>(int max) => [.. Enumerable.Range(0, random.Next(max + 1)).Select(_ => (T)Construct(typeof(T)))];

    private object Construct(Type type)
    {
        var (constructor, parameters) = Constructors.GetOrAdd(
            type, static type => (ConstructorOf(type), ConstructorOf(type).GetParameters()));
        return constructor.Invoke([.. parameters.Select(parameter => Value(parameter.ParameterType, parameter.Name!))]);
    }

    private static IEnumerable<Type> Concrete(Type root) =>
        root.Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(root) && !type.IsAbstract)
            .OrderBy(type => type.Name, StringComparer.Ordinal);
}
