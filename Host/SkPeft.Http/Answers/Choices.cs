using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace SkPeft.Http.Answers;

/// <summary>Runs the answers of one request at the same time, and gives their pieces as they come.</summary>
internal static class Choices
{
    /// <summary>Merges; the first failure ends all of them, and so does a reader that walks away.</summary>
    /// <param name="sources">One a choice.</param>
    /// <param name="cancellation">Cancels all.</param>
    public static async IAsyncEnumerable<(int Index, T Piece)> MergeAsync<T>(
        IReadOnlyList<Func<CancellationToken, IAsyncEnumerable<T>>> sources, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (sources.Count == 1)
        {
            await foreach (T piece in sources[0](cancellation))
            {
                yield return (0, piece);
            }

            yield break;
        }

        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Channel<(int, T)> channel = Channel.CreateBounded<(int, T)>(sources.Count);
        Task all = PumpAllAsync(sources, channel.Writer, stop);
        try
        {
            await foreach ((int, T) piece in channel.Reader.ReadAllAsync(cancellation))
            {
                yield return piece;
            }
        }
        finally
        {
            await stop.CancelAsync();
            await all;
        }
    }

    private static async Task PumpAllAsync<T>(
        IReadOnlyList<Func<CancellationToken, IAsyncEnumerable<T>>> sources, ChannelWriter<(int, T)> writer, CancellationTokenSource stop)
    {
        await Task.WhenAll(sources.Select((source, index) => PumpAsync(source, index, writer, stop)));
        writer.TryComplete();
    }

    private static async Task PumpAsync<T>(Func<CancellationToken, IAsyncEnumerable<T>> source, int index, ChannelWriter<(int, T)> writer, CancellationTokenSource stop)
    {
        try
        {
            await foreach (T piece in source(stop.Token))
            {
                await writer.WriteAsync((index, piece), stop.Token);
            }
        }
        catch (Exception e)
        {
            // The reader gets the first one; what follows from stopping the others is none of its business.
            writer.TryComplete(e);
            await stop.CancelAsync();
        }
    }
}
