using System.IO.MemoryMappedFiles;

namespace SkPeft.Tensors.Formats;

/// <summary>A whole file mapped read-only. Every access is checked against its length and against disposal.</summary>
internal sealed unsafe class MappedFile : IDisposable
{
    private readonly MemoryMappedFile _mapping;
    private readonly MemoryMappedViewAccessor _view;
    private byte* _start;

    private MappedFile(string path, MemoryMappedFile mapping, MemoryMappedViewAccessor view, long length)
    {
        (Path, _mapping, _view, Length) = (path, mapping, view, length);
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref _start);
        _start += view.PointerOffset;
    }

    public string Path { get; }

    public long Length { get; }

    /// <summary>Maps a file.</summary>
    /// <exception cref="FileAccessException">The file is missing, forbidden or no file.</exception>
    /// <exception cref="FileFormatException">The file is empty.</exception>
    public static MappedFile Open(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        try
        {
            RequireContent(path);
            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0);
            long length = stream.Length;
            MemoryMappedFile mapping = MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.Read,
                HandleInheritability.None, leaveOpen: false);
            try
            {
                return new MappedFile(path, mapping, mapping.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read), length);
            }
            catch
            {
                mapping.Dispose();
                throw;
            }
        }
        catch (Exception e) when (FileErrors.IsFileError(e))
        {
            throw FileErrors.CannotRead(path, e);
        }
    }

    /// <summary>A pointer to a range that has been checked.</summary>
    public byte* Pointer(long offset, long length)
    {
        ObjectDisposedException.ThrowIf(_start is null, this);
        if (offset < 0 || length < 0 || offset > Length - length)
        {
            throw new ArgumentOutOfRangeException(nameof(offset),
                $"{Path}: bytes {offset}…{offset + length} are outside the file of {Length} bytes.");
        }

        return _start + offset;
    }

    public ReadOnlySpan<byte> Span(long offset, long length) => new(Pointer(offset, length), checked((int)length));

    /// <summary>Lets the operating system take the pages of a range back.</summary>
    public void Discard(long offset, long length) => PageAdvice.Discard(Pointer(offset, length), length);

    /// <summary>Asks for all pages at once, which takes a fraction of the time of faulting in each.</summary>
    public void Populate() => PageAdvice.Populate(Pointer(0, Length), Length);

    public void Dispose()
    {
        if (_start is not null)
        {
            _start = null;
            _view.SafeMemoryMappedViewHandle.ReleasePointer();
            _view.Dispose();
            _mapping.Dispose();
        }
    }

    // Asked before opening: opening a pipe would wait for a writer for ever, and an empty file cannot be mapped.
    private static void RequireContent(string path)
    {
        FileInfo file = new(path);
        if (file.Exists && file.ResolveLinkTarget(returnFinalTarget: true) is FileInfo target)
        {
            file = target;
        }

        if (file.Exists && file.Length == 0)
        {
            throw new FileFormatException(path, "length", "an empty or special file", "a regular file with content");
        }
    }
}
