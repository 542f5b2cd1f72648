using System.Text.Json;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SkPeft.Connectors.Receipts;

namespace SkPeft.WorkerServiceSample;

/// <summary>Labels every text file of the inbox: NAME.txt becomes NAME.json in the outbox, with the receipt; the text moves there beside it.</summary>
internal sealed class ReviewWorker(IServiceProvider services, WorkerOptions options, IHostApplicationLifetime lifetime, ILogger<ReviewWorker> logger) : BackgroundService
{
    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true };
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(200);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        Directory.CreateDirectory(options.Inbox);
        Directory.CreateDirectory(options.Outbox);
        IChatClient client = services.GetRequiredKeyedService<IChatClient>(options.Skill);
        logger.LogInformation("Watching {Inbox}.", options.Inbox);
        while (!stoppingToken.IsCancellationRequested)
        {
            bool isWork = false;
            foreach (string file in Directory.EnumerateFiles(options.Inbox, "*.txt").Order(StringComparer.Ordinal))
            {
                if (stoppingToken.IsCancellationRequested || !await TryLabelAsync(client, file))
                {
                    return;
                }

                isWork = true;
            }

            if (options.Once && !isWork)
            {
                lifetime.StopApplication();
                return;
            }

            // Looking is what works on every file system: network drives announce nothing.
            await Task.Delay(isWork ? TimeSpan.Zero : s_pause, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Labels one review. The request is not cancelled by the stopping host: that waits for it.</summary>
    /// <returns>False where the host takes no requests any more; the review stays for the next start.</returns>
    private async Task<bool> TryLabelAsync(IChatClient client, string file)
    {
        string name = Path.GetFileNameWithoutExtension(file);
        object result;
        try
        {
            ChatResponse response = await client.GetResponseAsync((await File.ReadAllTextAsync(file)).Trim());
            Receipt receipt = (Receipt)response.AdditionalProperties![Receipt.PropertyName]!;
            result = new { Label = response.Text, receipt.Probabilities, Adapter = receipt.Reference, receipt.Digest, receipt.Method, receipt.Route, receipt.Warnings };
            logger.LogInformation("{Name}: {Label}, by {Receipt}", name, response.Text, receipt);
        }
        catch (HostStoppingException e)
        {
            logger.LogInformation("{Name} stays: {Message}", name, e.Message);
            return false;
        }
        catch (SkPeftException e) when (e is not ConfigurationException)
        {
            // One review that cannot be read must not stop the others.
            result = new { Error = e.Kind, e.Message };
            logger.LogWarning("{Name}: {Message}", name, e.Message);
        }
        catch (ConfigurationException)
        {
            // The model could not be opened: the host stops, and says why.
            return false;
        }

        // Whoever watches the outbox sees whole files only.
        string target = Path.Combine(options.Outbox, $"{name}.json");
        await File.WriteAllTextAsync($"{target}.part", JsonSerializer.Serialize(result, s_json));
        File.Move($"{target}.part", target, overwrite: true);
        File.Move(file, Path.Combine(options.Outbox, Path.GetFileName(file)), overwrite: true);
        return true;
    }
}
