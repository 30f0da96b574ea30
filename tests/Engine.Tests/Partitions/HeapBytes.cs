using System.Reflection;

namespace Amoe.Engine.Tests.Partitions;

/// <summary>
/// How many bytes of the heap objects take, with all that they refer to, each object once. Counted object by object, so
/// that it is the same whatever else runs in the process.
/// </summary>
internal sealed class HeapBytes
{
    private static readonly Func<object, object> Clone =
        typeof(object).GetMethod(nameof(MemberwiseClone), BindingFlags.Instance | BindingFlags.NonPublic)!
            .CreateDelegate<Func<object, object>>();

    private readonly Dictionary<Type, FieldInfo[]> _fields = [];
    private readonly HashSet<object> _seen = new(ReferenceEqualityComparer.Instance);
    private readonly Stack<object> _left = new();

    public static long Of(params object[] roots)
    {
        var heap = new HeapBytes();
        foreach (var root in roots)
            heap.Visit(root);
        var bytes = 0L;
        while (heap._left.TryPop(out var at))
        {
            bytes += SizeOf(at);
            heap.VisitFields(at);
        }

        return bytes;
    }

    // An object is as large as a copy of it.
    private static long SizeOf(object at)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var copy = Clone(at);
        var bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        GC.KeepAlive(copy);
        return bytes;
    }

    private void Visit(object? at)
    {
        // Arrays without elements are shared by all.
        if (at is not (null or Type or Delegate or Array { Length: 0 }) && _seen.Add(at))
            _left.Push(at);
    }

    /// <param name="at">An object, or a value in a box.</param>
    private void VisitFields(object at)
    {
        if (at is Array array)
        {
            if (!HasReferences(array.GetType().GetElementType()!))
                return;
            foreach (var element in array)
                VisitValue(element);
            return;
        }

        foreach (var field in FieldsOf(at.GetType()))
            VisitValue(field.GetValue(at));
    }

    private void VisitValue(object? value)
    {
        if (value is ValueType)
            VisitFields(value);
        else
            Visit(value);
    }

    private FieldInfo[] FieldsOf(Type type)
    {
        if (_fields.TryGetValue(type, out var known))
            return known;
        var fields = new List<FieldInfo>();
        for (var of = type; of is not null; of = of.BaseType)
            fields.AddRange(
                of.GetFields(
                    BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
                        .Where(field => HasReferences(field.FieldType)));
        return _fields[type] = [.. fields];
    }

    private static bool HasReferences(Type type) =>
        !type.IsValueType
            || (!type.IsPrimitive
                && !type.IsEnum
                && type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
                    .Any(field => HasReferences(field.FieldType)));
}
