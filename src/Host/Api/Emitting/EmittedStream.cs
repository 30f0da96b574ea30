using System.Buffers;
using System.Collections.Concurrent;
using System.Text.Json;
using Amoe.Engine.Actors;
using Amoe.Engine.Domain;
using Amoe.Host.Api.Commands;

namespace Amoe.Host.Api.Emitting;

/// <summary>
/// Writes the commands of a simulation to a file, a JSON object a line, as they could be sent to a host: the days in
/// order, each between the lines that open and close it, and within a day the commands of each partition in theirs.
/// </summary>
/// <remarks>
/// Partitions run ahead of each other, so a partition's day waits in memory until every partition has closed it. The
/// day barrier bounds how far they are apart, and with it how much waits.
/// </remarks>
internal sealed class EmittedStream : IDisposable
{
    private const string Name = "stream.ndjson";
    private const int FileBufferBytes = 1 << 20;

    private readonly Stream _file;
    private readonly DirectoryInfo? _made;
    private readonly DateOnly _opens;
    private readonly CancellationTokenSource _broken = new();
    private readonly ConcurrentBag<ArrayBufferWriter<byte>> _free = [];

    // Guards the rest.
    private readonly Lock _gate = new();
    private readonly Dictionary<DateOnly, EmittedDay> _days = [];
    private DateOnly _next;
    private IOException? _failure;

    /// <param name="path">How the file is called in an error.</param>
    /// <param name="opens">The first day.</param>
    /// <param name="made">A folder that was made for it, removed with it where nothing was written; or null.</param>
    internal EmittedStream(Stream file, string path, DateOnly opens, DirectoryInfo? made = null)
    {
        (_file, Path, _made, _opens, _next) = (file, path, made, opens, opens);
    }

    public string Path { get; }

    /// <summary>Commands written, without the lines that open and close days.</summary>
    public long Commands { get; private set; }

    /// <summary>Cancelled once the file takes no more: the rest of the run would be emitted nowhere.</summary>
    public CancellationToken Broken => _broken.Token;

    /// <summary>Makes the file in a folder, which is made where it is missing.</summary>
    /// <param name="opens">The first day.</param>
    /// <exception cref="InputException">The folder is not empty, is a file, or cannot be made.</exception>
    public static EmittedStream Create(string folder, DateOnly opens)
    {
        try
        {
            var at = new DirectoryInfo(folder);
            if (at.Exists && at.EnumerateFileSystemInfos().Any())
                throw new InputException($"{folder}: it is not empty, and nothing was touched. Name another folder.");
            var made = at.Exists ? null : at;
            at.Create();
            var path = System.IO.Path.Combine(folder, Name);
            return new EmittedStream(
                new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, FileBufferBytes), path,
                opens, made);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException(
                $"{folder}: no folder can be made there, or nothing can be written to it: {e.Message}");
        }
    }

    /// <summary>Listens to what drivers post to an engine.</summary>
    public ICommandTarget Tap(ICommandTarget engine) => new EmittingTarget(engine, this);

    /// <summary>A buffer for a partition's next day.</summary>
    internal ArrayBufferWriter<byte> TakeBuffer() =>
        _free.TryTake(out var buffer) ? buffer : new ArrayBufferWriter<byte>();

    /// <summary>A partition has closed a day, durably. The last one that does has the day written.</summary>
    /// <param name="partitions">Partitions of students.</param>
    /// <param name="part">The partition's commands of the day, a line each.</param>
    /// <param name="commands">How many.</param>
    internal void Close(int partition, int partitions, DateOnly day, ArrayBufferWriter<byte> part, int commands)
    {
        lock (_gate)
        {
            if (!_days.TryGetValue(day, out var emitted))
                _days.Add(day, emitted = new EmittedDay(partitions));
            emitted.Add(partition, part, commands);
            try
            {
                while (_failure is null && _days.TryGetValue(_next, out var whole) && whole.IsWhole)
                    Write(whole);
            }
            catch (IOException e)
            {
                // The run ends with the day it is in, and Finish says why.
                _failure = e;
            }
        }

        // Not by this thread: it is a partition's, and others wait for it.
        if (_failure is not null && !_broken.IsCancellationRequested)
            _ = _broken.CancelAsync();
    }

    /// <summary>Hands what is left to the system. Days that not every partition has closed are left out.</summary>
    /// <exception cref="IOException">The file took no more, now or before.</exception>
    public void Finish()
    {
        lock (_gate)
        {
            try
            {
                if (_failure is null)
                    _file.Flush();
            }
            catch (IOException e)
            {
                _failure = e;
            }

            if (_failure is { } failure)
                throw new IOException(
                    failure.Message.Contains(Path, StringComparison.Ordinal)
                        ? failure.Message
                        : $"{Path}: {failure.Message}", failure);
        }
    }

    /// <summary>Closes the file. Where nothing was written, because the run did not begin, it is removed.</summary>
    public void Dispose()
    {
        var isEmpty = _next == _opens && _failure is null;
        try
        {
            _file.Dispose();
        }
        catch (IOException) when (_failure is not null)
        {
            // What could not be written cannot be now, and was reported.
        }

        _broken.Dispose();
        if (!isEmpty || _file is not FileStream)
            return;
        File.Delete(Path);
        _made?.Delete();
    }

    private void Write(EmittedDay day)
    {
        WriteMark(CommandKind.OpenDay);
        foreach (var part in day.Parts)
        {
            _file.Write(part!.WrittenSpan);
            part.ResetWrittenCount();
            _free.Add(part);
        }

        WriteMark(CommandKind.CloseDay);
        Commands += day.Commands;
        _days.Remove(_next);
        _next = _next.AddDays(1);
    }

    private void WriteMark(CommandKind mark)
    {
        var line = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(line))
            DayJson.Write(json, mark, _next);
        line.Write("\n"u8);
        _file.Write(line.WrittenSpan);
    }

    /// <summary>What the partitions posted on a day.</summary>
    private sealed class EmittedDay(int partitions)
    {
        private int _left = partitions;

        public ArrayBufferWriter<byte>?[] Parts { get; } = new ArrayBufferWriter<byte>?[partitions];

        public long Commands { get; private set; }

        public bool IsWhole => _left == 0;

        public void Add(int partition, ArrayBufferWriter<byte> part, int commands)
        {
            Parts[partition] = part;
            Commands += commands;
            _left--;
        }
    }
}
