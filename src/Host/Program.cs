System.Console.WriteLine("amoe");
