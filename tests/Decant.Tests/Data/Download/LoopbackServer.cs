using System.Net;
using System.Net.Sockets;

namespace Decant.Tests.Data.Download;

/// <summary>A web server on 127.0.0.1 for one test. Each path is answered by a function.</summary>
internal sealed class LoopbackServer : IDisposable
{
    private readonly HttpListener listener = new();
    private readonly Func<HttpListenerContext, Task> answer;

    public LoopbackServer(Func<HttpListenerContext, Task> answer)
    {
        this.answer = answer;
        using (var probe = new TcpListener(IPAddress.Loopback, 0))
        {
            probe.Start();
            Address = new Uri($"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}/");
        }
        listener.Prefixes.Add(Address.ToString());
        listener.Start();
        _ = Serve();
    }

    public Uri Address { get; }

    public int Requests { get; private set; }

    public static async Task Send(HttpListenerContext context, byte[] body, long? promised = null)
    {
        context.Response.ContentLength64 = promised ?? body.Length;
        await context.Response.OutputStream.WriteAsync(body);
        await context.Response.OutputStream.FlushAsync();
        if (promised > body.Length)
            context.Response.Abort();
        else
            context.Response.Close();
    }

    public void Dispose() => listener.Close();

    private async Task Serve()
    {
        try
        {
            while (true)
            {
                HttpListenerContext context = await listener.GetContextAsync();
                Requests++;
                await answer(context);
            }
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or InvalidOperationException)
        {
            // The test is over.
        }
    }
}
