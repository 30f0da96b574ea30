using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;

namespace Amoe.Host.Tests.Telemetry;

/// <summary>Reads the instruments of one host of this process.</summary>
internal sealed class Readings : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, decimal> _values = new();

    /// <param name="scope">The scope of the host's meters.</param>
    public Readings(object scope)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Scope != scope)
                return;
            Instruments.Add(instrument);
            listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, labels, _) => Take(instrument, value, labels));
        _listener.SetMeasurementEventCallback<double>(
            (instrument, value, labels, _) => Take(instrument, (decimal)value, labels));
        _listener.Start();
    }

    public ConcurrentBag<Instrument> Instruments { get; } = [];

    /// <summary>What an instrument says of some labels' values; 0 where it says nothing.</summary>
    public decimal this[string instrument, params string[] labels] =>
        _values.GetValueOrDefault(Key(instrument, labels));

    public void Read() => _listener.RecordObservableInstruments();

    public void Dispose() => _listener.Dispose();

    private void Take(Instrument instrument, decimal value, ReadOnlySpan<KeyValuePair<string, object?>> labels)
    {
        var values = new List<string>();
        foreach (var (_, label) in labels)
            values.Add(Convert.ToString(label, CultureInfo.InvariantCulture)!);
        _values.AddOrUpdate(
            Key(instrument.Name, values), value, (_, before) => instrument.IsObservable ? value : before + value);
    }

    private static string Key(string instrument, IEnumerable<string> labels) =>
        $"{instrument} {string.Join(' ', labels)}";
}
